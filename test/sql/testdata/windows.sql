-- Windows of all kinds over an event-time table in order.
-- rows t: TIMESTAMP(3); STRING; INT
-- 2024-01-01T00:00:01 'a' 1
-- 2024-01-01T00:00:02 'b' 2
-- 2024-01-01T00:00:04 'a' 3
-- 2024-01-01T00:00:09.999 'a' 4
-- 2024-01-01T00:00:10 'b' 5
-- 2024-01-01T00:00:17 'a' 6
-- 2024-01-01T00:00:31 null 7
CREATE TABLE t (ts TIMESTAMP(3), k STRING, v INT, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH ('connector' = 'values', 'data-id' = 't', 'bounded' = 'true');

SELECT k, window_start, window_end, COUNT(*), SUM(v)
FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end;
-- expect

SELECT window_start, window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '3' SECOND))
GROUP BY window_start, window_end;
-- expect

SELECT k, window_start, window_end, COUNT(*), MAX(v)
FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end;
-- expect

SELECT window_start, window_end, SUM(v)
FROM TABLE(CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '15' SECOND)) GROUP BY window_start, window_end;
-- expect

SELECT k, window_start, window_end, COUNT(*)
FROM TABLE(SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY k, window_start, window_end;
-- expect

SELECT k, TUMBLE_START(ts, INTERVAL '10' SECOND), TUMBLE_END(ts, INTERVAL '10' SECOND), COUNT(*), AVG(v)
FROM t GROUP BY k, TUMBLE(ts, INTERVAL '10' SECOND);
-- expect

SELECT k, HOP_START(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND), COUNT(*)
FROM t GROUP BY k, HOP(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND);
-- expect

SELECT k, SESSION_START(ts, INTERVAL '5' SECOND), SESSION_END(ts, INTERVAL '5' SECOND), SUM(v)
FROM t GROUP BY k, SESSION(ts, INTERVAL '5' SECOND);
-- expect

-- A window over a window: the inner window's time is a time attribute.
SELECT window_start, window_end, SUM(n) FROM TABLE(TUMBLE(TABLE (
  SELECT window_time AS rt, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY window_start, window_end, window_time
), DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
-- expect

SELECT ts, k, window_start, window_end, window_time FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) WHERE k = 'a';
-- expect
