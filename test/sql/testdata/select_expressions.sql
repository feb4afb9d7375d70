-- Filters and projections over every row kind of source there is without time.
-- rows t: INT; STRING; DECIMAL(10, 2); BOOLEAN
-- 1 'ann' 10.50 true
-- 2 'bob' null false
-- 3 null 7.25 null
-- 4 'dora' 0.00 true
-- -5 'ann' 99.99 false
CREATE TABLE t (id INT, name STRING, price DECIMAL(10, 2), ok BOOLEAN) WITH ('connector' = 'values', 'data-id' = 't', 'bounded' = 'true');

SELECT id, name FROM t WHERE id > 1 AND name IS NOT NULL;
-- expect
-- 2 'bob'
-- 4 'dora'

SELECT id + 1, price * 2, UPPER(name), CASE WHEN ok THEN 'yes' WHEN NOT ok THEN 'no' ELSE 'unknown' END FROM t;
-- expect
-- -4 199.98 'ANN' 'no'
-- 2 21.00 'ANN' 'yes'
-- 3 null 'BOB' 'no'
-- 4 14.50 null 'unknown'
-- 5 0.00 'DORA' 'yes'

SELECT id FROM t WHERE CASE WHEN price <> 0 THEN 10 / price > 1 ELSE FALSE END;
-- expect
-- 3

SELECT id FROM t WHERE name LIKE 'a%' OR name IN ('bob', 'eve') OR price BETWEEN 7 AND 8;
-- expect
-- -5
-- 1
-- 2
-- 3

SELECT id, COALESCE(name, 'nobody'), price IS DISTINCT FROM 7.25 FROM t;
-- expect
-- -5 'ann' true
-- 1 'ann' true
-- 2 'bob' true
-- 3 'nobody' false
-- 4 'dora' true

SELECT CAST(price AS STRING), CAST(id AS BIGINT), TRY_CAST(name AS INT) FROM t;
-- expect
-- '0.00' 4 null
-- '10.50' 1 null
-- '7.25' 3 null
-- '99.99' -5 null
-- null 2 null

SELECT CAST(name AS INT) FROM t;
-- error ann

SELECT nme FROM t;
-- error did you mean `name`

SELECT * FROM tt;
-- error did you mean `t`
