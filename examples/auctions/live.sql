-- The auction house in real time: a thousand events a second, without end. Stop it with Ctrl-C.
-- Run it with:  spate run examples/auctions/live.sql

CREATE TABLE events (
  event_type INT,
  bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, `dateTime` TIMESTAMP(3)>,
  event_time AS bid.`dateTime`,
  WATERMARK FOR event_time AS event_time
) WITH (
  'connector' = 'nexmark',
  'first-event.rate' = '1000',
  'max-emit-speed' = 'false' -- Events come when their time has come.
);

-- BIDS OF EVERY SECOND
SELECT window_end, COUNT(*) AS bids, COUNT(DISTINCT bid.bidder) AS bidders, MAX(bid.price) AS highest
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL '1' SECOND))
WHERE event_type = 2
GROUP BY window_start, window_end;
