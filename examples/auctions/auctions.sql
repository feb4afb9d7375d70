-- Three questions about the auction house of tables.sql; each reads all its events. Run them with:
--   spate run -i examples/auctions/tables.sql examples/auctions/auctions.sql

-- 1. HOT ITEMS: the three auctions with the most bids within 20 seconds, every 10 seconds.
SELECT window_start, window_end, place, auction, bids
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY bids DESC, auction) AS place
  FROM (
    SELECT window_start, window_end, auction, COUNT(*) AS bids
    FROM TABLE(HOP(TABLE bid, DESCRIPTOR(event_time), INTERVAL '10' SECOND, INTERVAL '20' SECOND))
    GROUP BY window_start, window_end, auction
  )
)
WHERE place <= 3;

-- 2. CATEGORIES: bids and revenue, and the average price of a sale.
SELECT category, COUNT(*) AS sales, SUM(bids) AS bids, SUM(price) AS revenue, CAST(AVG(price) AS DECIMAL(12, 2)) AS average
FROM sale GROUP BY category;

SET 'sql-client.execution.result-mode' = 'tableau';

-- 3. BEST SELLERS, as the list changes: +I enters it, -U and +U replace a line of it.
SELECT place, name, city, revenue
FROM (
  SELECT CAST(place AS INT) AS place, seller, CAST(revenue AS DECIMAL(12, 2)) AS revenue
  FROM (
    SELECT *, ROW_NUMBER() OVER (ORDER BY revenue DESC, seller) AS place
    FROM (SELECT seller, SUM(price) AS revenue FROM sale GROUP BY seller)
  )
  WHERE place <= 2
) AS best
JOIN person ON person.id = best.seller;
