-- The first rows of each partition.
-- rows t: STRING; INT; BIGINT
-- 'a' 5 1
-- 'b' 9 2
-- 'a' 7 3
-- 'a' 6 4
-- 'b' 9 5
-- 'a' 9 6
-- 'b' null 7
CREATE TABLE t (k STRING, v INT, id BIGINT) WITH ('connector' = 'values', 'data-id' = 't', 'bounded' = 'true');

SELECT k, v, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, id) AS rn FROM t) WHERE rn <= 2;
-- expect
-- 'a' 7 3
-- 'a' 9 6
-- 'b' 9 2
-- 'b' 9 5
-- changelog
-- +I 'a' 5 1
-- +I 'b' 9 2
-- +I 'a' 7 3
-- -D 'a' 5 1
-- +I 'a' 6 4
-- +I 'b' 9 5
-- -D 'a' 6 4
-- +I 'a' 9 6

SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, id) AS rn FROM t) WHERE rn <= 2;
-- expect
-- 'a' 7 3 2
-- 'a' 9 6 1
-- 'b' 9 2 1
-- 'b' 9 5 2
-- changelog
-- +I 'a' 5 1 1
-- +I 'b' 9 2 1
-- -U 'a' 5 1 1
-- +U 'a' 7 3 1
-- +I 'a' 5 1 2
-- -U 'a' 5 1 2
-- +U 'a' 6 4 2
-- +I 'b' 9 5 2
-- -U 'a' 7 3 1
-- +U 'a' 9 6 1
-- -U 'a' 6 4 2
-- +U 'a' 7 3 2

SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (ORDER BY n DESC) AS rn FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k)) WHERE rn <= 1;
-- expect
-- 'a' 4

SELECT id FROM t ORDER BY v DESC, id LIMIT 3;
-- expect
-- 2
-- 5
-- 6
