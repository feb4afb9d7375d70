-- Regular joins keep both sides.
-- rows l: INT; STRING
-- 1 'l1'
-- 2 'l2'
-- 2 'l2b'
-- null 'lnull'
-- 4 'l4'
-- rows r: INT; INT
-- 1 10
-- 2 20
-- 3 30
-- null 0
-- 2 21
CREATE TABLE l (id INT, name STRING) WITH ('connector' = 'values', 'data-id' = 'l', 'bounded' = 'true');
CREATE TABLE r (id INT, v INT) WITH ('connector' = 'values', 'data-id' = 'r', 'bounded' = 'true');

SELECT l.id, name, v FROM l JOIN r ON l.id = r.id;
-- expect
-- 1 'l1' 10
-- 2 'l2' 20
-- 2 'l2' 21
-- 2 'l2b' 20
-- 2 'l2b' 21

SELECT l.id, name, v FROM l LEFT JOIN r ON l.id = r.id;
-- expect
-- 1 'l1' 10
-- 2 'l2' 20
-- 2 'l2' 21
-- 2 'l2b' 20
-- 2 'l2b' 21
-- 4 'l4' null
-- null 'lnull' null

SELECT name, r.id, v FROM l RIGHT JOIN r ON l.id = r.id;
-- expect
-- 'l1' 1 10
-- 'l2' 2 20
-- 'l2' 2 21
-- 'l2b' 2 20
-- 'l2b' 2 21
-- null 3 30
-- null null 0

SELECT name, v FROM l FULL JOIN r ON l.id = r.id;
-- expect
-- 'l1' 10
-- 'l2' 20
-- 'l2' 21
-- 'l2b' 20
-- 'l2b' 21
-- 'l4' null
-- 'lnull' null
-- null 0
-- null 30

SELECT name, v FROM l LEFT JOIN r ON l.id = r.id AND v > 20;
-- expect
-- 'l1' null
-- 'l2' 21
-- 'l2b' 21
-- 'l4' null
-- 'lnull' null

SELECT name, v FROM l, r WHERE l.id = r.id AND v <> 10;
-- expect
-- 'l2' 20
-- 'l2' 21
-- 'l2b' 20
-- 'l2b' 21

-- Retractions on one side: the count of a key changes.
SELECT l.name, c.n FROM l LEFT JOIN (SELECT id, COUNT(*) AS n FROM r GROUP BY id) c ON l.id = c.id;
-- expect
-- 'l1' 1
-- 'l2' 2
-- 'l2b' 2
-- 'l4' null
-- 'lnull' null

SELECT a.id, b.id FROM l a JOIN l b ON a.name = b.name;
-- expect
-- 1 1
-- 2 2
-- 2 2
-- 4 4
-- null null
