-- A source that emits changes.
-- rows t: INT; STRING; INT
-- +I 1 'a' 10
-- +I 2 'b' 20
-- -U 1 'a' 10
-- +U 1 'a' 15
-- -D 2 'b' 20
-- +I 3 'a' 5
CREATE TABLE t (id INT, k STRING, v INT) WITH ('connector' = 'values', 'data-id' = 't', 'bounded' = 'true', 'changelog-mode' = 'I,UA,UB,D');

SELECT * FROM t;
-- expect
-- 1 'a' 15
-- 3 'a' 5

SELECT k, COUNT(*), SUM(v), MIN(v), MAX(v) FROM t GROUP BY k;
-- expect
-- 'a' 2 20 5 15
-- changelog
-- +I 'a' 1 10 10 10
-- +I 'b' 1 20 20 20
-- -D 'a' 1 10 10 10
-- +I 'a' 1 15 15 15
-- -D 'b' 1 20 20 20
-- -U 'a' 1 15 15 15
-- +U 'a' 2 20 5 15

SELECT a.id, b.id FROM t a JOIN t b ON a.k = b.k;
-- expect
-- 1 1
-- 1 3
-- 3 1
-- 3 3

SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v) AS rn FROM t) WHERE rn <= 1;
-- expect
-- 3 5
