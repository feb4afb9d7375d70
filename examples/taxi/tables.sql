-- Taxi rides in New York, in the order of the file, which is not that of time. run.sh puts the path of the file in place of ${DATA}.
-- A ride may start up to 31 days before one that stands above it: with a watermark that stays 31 days behind, none comes too late.
CREATE TABLE rides (
  pickup TIMESTAMP(3),
  dropoff TIMESTAMP(3),
  passengers INT,
  distance DECIMAL(10, 2),
  fare DECIMAL(10, 2),
  tip DECIMAL(10, 2),
  tolls DECIMAL(10, 2),
  total DECIMAL(10, 2),
  color STRING,
  payment STRING,
  pickup_zone STRING,
  dropoff_zone STRING,
  pickup_borough STRING,
  dropoff_borough STRING,
  WATERMARK FOR pickup AS pickup - INTERVAL '31' DAY
) WITH (
  'connector' = 'filesystem',
  'path' = '${DATA}',
  'format' = 'csv',
  'csv.header' = 'true',
  'csv.null-literal' = ''
);

-- The same file with a watermark that is only seven days behind, and moves with every row.
CREATE TABLE impatient_rides (
  WATERMARK FOR pickup AS pickup - INTERVAL '7' DAY
) WITH (
  'scan.watermark.emit.strategy' = 'on-event'
) LIKE rides (OVERWRITING WATERMARKS);
