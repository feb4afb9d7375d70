-- GROUPING SETS, ROLLUP and CUBE, over columns that may not be NULL and over expressions of them.
-- rows t: STRING; INT; BIGINT
-- 'a' 1 10
-- 'b' 2 20
-- 'a' 1 30
-- null 2 40
-- 'b' 1 50
CREATE TABLE t (k STRING, v INT NOT NULL, w BIGINT NOT NULL) WITH ('connector' = 'values', 'data-id' = 't', 'bounded' = 'true');

SELECT k, v, COUNT(*), SUM(w) FROM t GROUP BY ROLLUP (k, v);
-- expect
-- 'a' 1 2 40
-- 'a' null 2 40
-- 'b' 1 1 50
-- 'b' 2 1 20
-- 'b' null 2 70
-- null 2 1 40
-- null null 1 40
-- null null 5 150

SELECT k, v, SUM(w), GROUPING(k), GROUPING_ID(k, v) FROM t GROUP BY CUBE (k, v);
-- expect
-- 'a' 1 40 0 0
-- 'a' null 40 0 1
-- 'b' 1 50 0 0
-- 'b' 2 20 0 0
-- 'b' null 70 0 1
-- null 1 90 1 2
-- null 2 40 0 0
-- null 2 60 1 2
-- null null 150 1 3
-- null null 40 0 1

-- An expression that is grouped by beside its own columns.
SELECT w + v AS x, w, COUNT(*), GROUPING(w + v) FROM t GROUP BY ROLLUP (w + v, w);
-- expect
-- 11 10 1 0
-- 11 null 1 0
-- 22 20 1 0
-- 22 null 1 0
-- 31 30 1 0
-- 31 null 1 0
-- 42 40 1 0
-- 42 null 1 0
-- 51 50 1 0
-- 51 null 1 0
-- null null 5 1

SELECT COALESCE(v, 7) AS c, v, MAX(k) FROM t GROUP BY GROUPING SETS ((COALESCE(v, 7)), (v), ()) HAVING SUM(w) > 60;
-- expect
-- 1 null 'b'
-- null 1 'b'
-- null null 'b'
