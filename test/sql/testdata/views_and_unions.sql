-- Views, common table expressions, unions, VALUES, sub-queries.
-- rows t: INT; STRING
-- 1 'a'
-- 2 'b'
-- 3 'a'
CREATE TABLE t (id INT, k STRING) WITH ('connector' = 'values', 'data-id' = 't', 'bounded' = 'true');
CREATE VIEW v AS SELECT id * 10 AS id, k FROM t WHERE id < 3;
CREATE TEMPORARY VIEW vv (a, b) AS SELECT * FROM v;

SELECT * FROM vv;
-- expect
-- 10 'a'
-- 20 'b'

SELECT id FROM t UNION ALL SELECT id FROM v;
-- expect
-- 1
-- 10
-- 2
-- 20
-- 3

WITH x AS (SELECT k, COUNT(*) AS n FROM t GROUP BY k), y AS (SELECT n FROM x WHERE n > 1) SELECT * FROM y;
-- expect
-- 2

SELECT a + b FROM (VALUES (1, 2), (3, 4)) AS s (a, b);
-- expect
-- 3
-- 7

SELECT k, COUNT(*) FROM (SELECT k FROM t UNION ALL SELECT k FROM v) GROUP BY k;
-- expect
-- 'a' 3
-- 'b' 2

SELECT 1 + 1 AS two, 'x' || 'y';
-- expect
-- 2 'xy'
