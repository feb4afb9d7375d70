-- The first rows of each window come out once, when the window is over; ORDER BY a row time likewise.
-- rows t: STRING; TIMESTAMP(3); INT
-- 'a' 1970-01-01T00:00:01 5
-- 'b' 1970-01-01T00:00:02 3
-- 'a' 1970-01-01T00:00:03 8
-- 'a' 1970-01-01T00:00:04 7
-- 'b' 1970-01-01T00:00:09 4
-- 'a' 1970-01-01T00:00:12 1
-- 'c' 1970-01-01T00:00:12 null
CREATE TABLE t (k STRING, ts TIMESTAMP(3), v INT, WATERMARK FOR ts AS ts) WITH ('connector' = 'values', 'data-id' = 't', 'bounded' = 'true');

SELECT window_end, k, v, rn FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, k ORDER BY v DESC) AS rn
  FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND))) WHERE rn <= 2;
-- expect
-- 1970-01-01T00:00:05 'a' 8 1
-- 1970-01-01T00:00:05 'a' 7 2
-- 1970-01-01T00:00:05 'b' 3 1
-- 1970-01-01T00:00:10 'b' 4 1
-- 1970-01-01T00:00:15 'a' 1 1
-- 1970-01-01T00:00:15 'c' null 1
-- changelog
-- +I 1970-01-01T00:00:05 'a' 8 1
-- +I 1970-01-01T00:00:05 'a' 7 2
-- +I 1970-01-01T00:00:05 'b' 3 1
-- +I 1970-01-01T00:00:10 'b' 4 1
-- +I 1970-01-01T00:00:15 'a' 1 1
-- +I 1970-01-01T00:00:15 'c' null 1

SELECT k, ts, v FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, k ORDER BY ts DESC) AS rn
  FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))) WHERE rn = 1;
-- expect
-- 'a' 1970-01-01T00:00:04 7
-- 'b' 1970-01-01T00:00:09 4
-- 'a' 1970-01-01T00:00:12 1
-- 'c' 1970-01-01T00:00:12 null

-- The best of each window is counted in the window again.
SELECT window_end, COUNT(*), MAX(v) FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, k ORDER BY v) AS rn
  FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))) WHERE rn <= 1 GROUP BY window_start, window_end;
-- expect
-- 1970-01-01T00:00:10 2 5
-- 1970-01-01T00:00:20 2 1

SELECT ts, k FROM t ORDER BY ts, k DESC;
-- expect
-- 1970-01-01T00:00:01 'a'
-- 1970-01-01T00:00:02 'b'
-- 1970-01-01T00:00:03 'a'
-- 1970-01-01T00:00:04 'a'
-- 1970-01-01T00:00:09 'b'
-- 1970-01-01T00:00:12 'c'
-- 1970-01-01T00:00:12 'a'
-- changelog
-- +I 1970-01-01T00:00:01 'a'
-- +I 1970-01-01T00:00:02 'b'
-- +I 1970-01-01T00:00:03 'a'
-- +I 1970-01-01T00:00:04 'a'
-- +I 1970-01-01T00:00:09 'b'
-- +I 1970-01-01T00:00:12 'c'
-- +I 1970-01-01T00:00:12 'a'
