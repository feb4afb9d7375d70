-- Questions about the rides of tables.sql; run.sh runs them.

-- 1. EVERY HOUR AND BOROUGH: rides, revenue and tips, in windows of event time (the busiest hours).
SELECT window_start, pickup_borough, rides, revenue, tips
FROM (
  SELECT *, ROW_NUMBER() OVER (ORDER BY rides DESC, window_start, pickup_borough) AS place
  FROM (
    SELECT window_start, pickup_borough, COUNT(*) AS rides, SUM(total) AS revenue, SUM(tip) AS tips
    FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(pickup), INTERVAL '1' HOUR))
    GROUP BY window_start, window_end, pickup_borough
  )
)
WHERE place <= 15;

-- 2. LATE ROWS: the same with an impatient watermark. The line "finished" says how many rides it called late and left out.
SELECT pickup_borough, SUM(rides) AS rides, SUM(revenue) AS revenue
FROM (
  SELECT window_start, pickup_borough, COUNT(*) AS rides, SUM(total) AS revenue
  FROM TABLE(TUMBLE(TABLE impatient_rides, DESCRIPTOR(pickup), INTERVAL '1' HOUR))
  GROUP BY window_start, window_end, pickup_borough
)
GROUP BY pickup_borough;

-- 3. ROUTES: the ten most frequent ones.
SELECT place, pickup_zone, dropoff_zone, rides
FROM (
  SELECT *, ROW_NUMBER() OVER (ORDER BY rides DESC, pickup_zone, dropoff_zone) AS place
  FROM (
    SELECT pickup_zone, dropoff_zone, COUNT(*) AS rides
    FROM rides WHERE pickup_zone IS NOT NULL AND dropoff_zone IS NOT NULL
    GROUP BY pickup_zone, dropoff_zone
  )
)
WHERE place <= 10;

-- 4. PAYMENTS: a running total per kind of payment; these are its last rows.
SELECT payment, COUNT(*) AS rides, SUM(total) AS revenue, MAX(distance) AS longest
FROM rides GROUP BY payment;
