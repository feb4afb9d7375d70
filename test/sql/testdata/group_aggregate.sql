-- Unbounded aggregates, with filters, distinct counts and NULL keys.
-- rows t: STRING; INT; BIGINT
-- 'a' 1 10
-- 'b' 2 20
-- 'a' 3 30
-- null 4 40
-- 'a' 1 50
-- 'b' null 60
-- null 4 null
CREATE TABLE t (k STRING, v INT, w BIGINT) WITH ('connector' = 'values', 'data-id' = 't', 'bounded' = 'true');

SELECT k, COUNT(*), COUNT(v), SUM(v), MIN(w), MAX(w), AVG(w) FROM t GROUP BY k;
-- expect
-- changelog

SELECT k, COUNT(DISTINCT v), COUNT(*) FILTER (WHERE w > 20), SUM(DISTINCT v) FROM t GROUP BY k;
-- expect

SELECT COUNT(*), SUM(w) FROM t;
-- expect
-- changelog

SELECT COUNT(*), SUM(w) FROM t WHERE w > 1000;
-- expect

SELECT k, SUM(w) AS s FROM t GROUP BY k HAVING SUM(w) > 50;
-- expect
-- changelog

SELECT DISTINCT k, v FROM t;
-- expect

-- An aggregate over an aggregate sees retractions.
SELECT n, COUNT(*) FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k) GROUP BY n;
-- expect
-- changelog

SELECT MAX(n), MIN(n) FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k);
-- expect

SELECT k, v, COUNT(*) FROM t GROUP BY GROUPING SETS ((k), (v), ());
-- expect
