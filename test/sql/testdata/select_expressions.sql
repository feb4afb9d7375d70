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
-- +I -5 'ann'

SELECT id + 1, price * 2, UPPER(name), CASE WHEN ok THEN 'yes' WHEN NOT ok THEN 'no' ELSE 'unknown' END FROM t;
-- expect

SELECT id FROM t WHERE CASE WHEN price <> 0 THEN 10 / price > 1 ELSE FALSE END;
-- expect

SELECT id FROM t WHERE name LIKE 'a%' OR name IN ('bob', 'eve') OR price BETWEEN 7 AND 8;
-- expect

SELECT id, COALESCE(name, 'nobody'), price IS DISTINCT FROM 7.25 FROM t;
-- expect

SELECT CAST(price AS STRING), CAST(id AS BIGINT), TRY_CAST(name AS INT) FROM t;
-- expect

SELECT CAST(name AS INT) FROM t;
-- error ann

SELECT nme FROM t;
-- error did you mean `name`

SELECT * FROM tt;
-- error did you mean `t`
