-- Rows of the elements of collections.
-- rows t: INT; ARRAY<STRING>; MAP<STRING, INT>; ARRAY<ROW<a INT, b STRING>>
-- 1 ['x', 'y'] {'k' 1, 'l' 2} [(1, 'one'), null]
-- 2 [] {} []
-- 3 null null null
-- 4 ['x', null] {'k' 4} [(null, 'four')]
CREATE TABLE t (id INT, names ARRAY<STRING>, m MAP<STRING, INT>, r ARRAY<ROW<a INT, b STRING>>)
WITH ('connector' = 'values', 'data-id' = 't', 'bounded' = 'true');

SELECT id, n FROM t CROSS JOIN UNNEST(names) AS u (n);
-- expect
-- 1 'x'
-- 1 'y'
-- 4 'x'
-- 4 null

SELECT id, n, o FROM t LEFT JOIN UNNEST(names) WITH ORDINALITY AS u (n, o) ON TRUE;
-- expect
-- 1 'x' 1
-- 1 'y' 2
-- 2 null null
-- 3 null null
-- 4 'x' 1
-- 4 null 2

SELECT k, SUM(v) FROM t, UNNEST(m) AS u (k, v) GROUP BY k;
-- expect
-- 'k' 5
-- 'l' 2

SELECT id, a, b FROM t, UNNEST(r) AS u WHERE id < 4;
-- expect
-- 1 1 'one'
-- 1 null null

SELECT x, COUNT(*) FROM t, UNNEST(t.names) AS x GROUP BY x;
-- expect
-- 'x' 2
-- 'y' 1
-- null 1

SELECT e FROM UNNEST(ARRAY[3, 4, 3]) AS u (e);
-- expect
-- 3
-- 3
-- 4

SELECT id, n FROM t JOIN UNNEST(names) AS u (n) ON n = 'x';
-- expect
-- 1 'x'
-- 4 'x'

SELECT id FROM t, UNNEST(id) AS u (x);
-- error UNNEST takes an ARRAY, a MAP or a MULTISET, not INT
