-- Rows behind the watermark are dropped: with a watermark after every row the answer is exact.
-- only p=1
-- rows t: TIMESTAMP(3); INT
-- 2024-01-01T00:00:01 1
-- 2024-01-01T00:00:12 2
-- 2024-01-01T00:00:03 3
-- 2024-01-01T00:00:11 4
-- 2024-01-01T00:00:25 5
-- 2024-01-01T00:00:13 6
CREATE TABLE t (ts TIMESTAMP(3), v INT, WATERMARK FOR ts AS ts)
WITH ('connector' = 'values', 'data-id' = 't', 'bounded' = 'true', 'scan.watermark.emit.strategy' = 'on-event');

SELECT window_start, COUNT(*), SUM(v) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
-- expect
-- 2024-01-01T00:00:00 1 1
-- 2024-01-01T00:00:10 2 6
-- 2024-01-01T00:00:20 1 5
