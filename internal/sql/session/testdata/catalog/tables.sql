CREATE TABLE orders (
  `user` BIGINT NOT NULL COMMENT 'who',
  product VARCHAR(32),
  amount INT,
  ts TIMESTAMP(3),
  topic STRING METADATA VIRTUAL,
  pos BIGINT METADATA FROM 'offset',
  total AS amount * 2 + 1,
  ptime AS PROCTIME(),
  PRIMARY KEY (`user`) NOT ENFORCED,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) COMMENT 'it''s orders' PARTITIONED BY (product) WITH ('connector' = 'fake', 'changelog' = 'insert', 'password' = 'hunter2');
SHOW CREATE TABLE orders;
DESCRIBE orders;
CREATE TABLE copy LIKE orders (EXCLUDING ALL INCLUDING CONSTRAINTS);
SHOW CREATE TABLE copy;
CREATE TABLE wider (extra DOUBLE, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('changelog' = 'upsert') LIKE orders (OVERWRITING WATERMARKS EXCLUDING PARTITIONS);
SHOW CREATE TABLE wider;
CREATE TEMPORARY VIEW v1 AS SELECT * FROM orders;
SHOW CREATE VIEW v1;
CREATE VIEW v2 (u, n) COMMENT 'counts' AS SELECT `user`, COUNT(*) FROM v1 AS x WHERE amount > 3 GROUP BY `user` HAVING COUNT(*) > 1;
SHOW CREATE VIEW v2;
DESCRIBE v2;
CREATE VIEW v3 AS SELECT o.product AS p, t.n FROM orders o LEFT JOIN (SELECT * FROM v2) t ON o.`user` = t.u;
SHOW CREATE VIEW v3;
SHOW TABLES;
SHOW VIEWS;
CREATE DATABASE db2;
USE db2;
SHOW TABLES;
SELECT n FROM default_database.v2;
CREATE VIEW far AS SELECT amount FROM default_database.orders;
SHOW CREATE VIEW far;
DROP TABLE default_database.orders;
SELECT * FROM default_database.v1;
USE nowhere;
DROP VIEW farr;
