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
-- 'a' 3 3 5 10 50 30
-- 'b' 2 1 2 20 60 40
-- null 2 2 8 40 40 40
-- changelog
-- +I 'a' 1 1 1 10 10 10
-- +I 'b' 1 1 2 20 20 20
-- -U 'a' 1 1 1 10 10 10
-- +U 'a' 2 2 4 10 30 20
-- +I null 1 1 4 40 40 40
-- -U 'a' 2 2 4 10 30 20
-- +U 'a' 3 3 5 10 50 30
-- -U 'b' 1 1 2 20 20 20
-- +U 'b' 2 1 2 20 60 40
-- -U null 1 1 4 40 40 40
-- +U null 2 2 8 40 40 40

SELECT k, COUNT(DISTINCT v), COUNT(*) FILTER (WHERE w > 20), SUM(DISTINCT v) FROM t GROUP BY k;
-- expect
-- 'a' 2 2 4
-- 'b' 1 1 2
-- null 1 1 4

SELECT COUNT(*), SUM(w) FROM t;
-- expect
-- 7 210
-- changelog
-- +I 1 10
-- -U 1 10
-- +U 2 30
-- -U 2 30
-- +U 3 60
-- -U 3 60
-- +U 4 100
-- -U 4 100
-- +U 5 150
-- -U 5 150
-- +U 6 210
-- -U 6 210
-- +U 7 210

SELECT COUNT(*), SUM(w) FROM t WHERE w > 1000;
-- expect

SELECT k, SUM(w) AS s FROM t GROUP BY k HAVING SUM(w) > 50;
-- expect
-- 'a' 90
-- 'b' 80
-- changelog
-- +U 'a' 90
-- +U 'b' 80

SELECT DISTINCT k, v FROM t;
-- expect
-- 'a' 1
-- 'a' 3
-- 'b' 2
-- 'b' null
-- null 4

-- An aggregate over an aggregate sees retractions.
SELECT n, COUNT(*) FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k) GROUP BY n;
-- expect
-- 2 2
-- 3 1
-- changelog
-- +I 1 1
-- -U 1 1
-- +U 1 2
-- -U 1 2
-- +U 1 1
-- +I 2 1
-- -U 1 1
-- +U 1 2
-- -D 2 1
-- +I 3 1
-- -U 1 2
-- +U 1 1
-- +I 2 1
-- -D 1 1
-- -U 2 1
-- +U 2 2

SELECT MAX(n), MIN(n) FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k);
-- expect
-- 3 2

SELECT k, v, COUNT(*) FROM t GROUP BY GROUPING SETS ((k), (v), ());
-- expect
-- 'a' null 3
-- 'b' null 2
-- null 1 2
-- null 2 1
-- null 3 1
-- null 4 2
-- null null 1
-- null null 2
-- null null 7
