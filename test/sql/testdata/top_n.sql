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
-- changelog

SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC, id) AS rn FROM t) WHERE rn <= 2;
-- expect
-- changelog

SELECT k, n FROM (SELECT k, n, ROW_NUMBER() OVER (ORDER BY n DESC) AS rn FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k)) WHERE rn <= 1;
-- expect

SELECT id FROM t ORDER BY v DESC, id LIMIT 3;
-- expect
