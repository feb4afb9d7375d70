-- Both sides carry the same window: rows meet inside of it.
-- rows p: TIMESTAMP(3); INT; STRING
-- 2024-01-01T00:00:01 1 'ann'
-- 2024-01-01T00:00:03 2 'bob'
-- 2024-01-01T00:00:13 1 'ann again'
-- rows a: TIMESTAMP(3); INT
-- 2024-01-01T00:00:02 1
-- 2024-01-01T00:00:12 2
-- 2024-01-01T00:00:14 1
-- 2024-01-01T00:00:15 1
CREATE TABLE p (ts TIMESTAMP(3), id INT, name STRING, WATERMARK FOR ts AS ts) WITH ('connector' = 'values', 'data-id' = 'p', 'bounded' = 'true');
CREATE TABLE a (ts TIMESTAMP(3), seller INT, WATERMARK FOR ts AS ts) WITH ('connector' = 'values', 'data-id' = 'a', 'bounded' = 'true');

SELECT P.id, P.name, P.starttime
FROM (SELECT id, name, window_start AS starttime, window_end AS endtime
      FROM TABLE(TUMBLE(TABLE p, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY id, name, window_start, window_end) P
JOIN (SELECT seller, window_start AS starttime, window_end AS endtime
      FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY seller, window_start, window_end) A
ON P.id = A.seller AND P.starttime = A.starttime AND P.endtime = A.endtime;
-- expect
-- 1 'ann again' 2024-01-01T00:00:10
-- 1 'ann' 2024-01-01T00:00:00

SELECT L.id, R.seller, L.window_start
FROM (SELECT * FROM TABLE(TUMBLE(TABLE p, DESCRIPTOR(ts), INTERVAL '10' SECOND))) L
FULL JOIN (SELECT * FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '10' SECOND))) R
ON L.id = R.seller AND L.window_start = R.window_start AND L.window_end = R.window_end;
-- expect
-- 1 1 2024-01-01T00:00:00
-- 1 1 2024-01-01T00:00:10
-- 1 1 2024-01-01T00:00:10
-- 2 null 2024-01-01T00:00:00
-- null 2 null
