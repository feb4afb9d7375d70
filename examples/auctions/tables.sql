-- A live auction house: five million people, auctions and bids, made by the embedded nexmark source as fast as they are taken.
-- For a prompt with these tables:  spate sql -i examples/auctions/tables.sql

CREATE TABLE events (
  event_type INT, -- 0: a person registers, 1: an auction opens, 2: a bid is made.
  person  ROW<id BIGINT, name STRING, city STRING, state STRING, `dateTime` TIMESTAMP(3)>,
  auction ROW<id BIGINT, seller BIGINT, category BIGINT, `dateTime` TIMESTAMP(3), expires TIMESTAMP(3)>,
  bid     ROW<auction BIGINT, bidder BIGINT, price BIGINT, `dateTime` TIMESTAMP(3)>,
  event_time AS CASE WHEN event_type = 0 THEN person.`dateTime` WHEN event_type = 1 THEN auction.`dateTime` ELSE bid.`dateTime` END,
  WATERMARK FOR event_time AS event_time - INTERVAL '4' SECOND
) WITH (
  'connector' = 'nexmark',
  'events.num' = '5000000',
  'first-event.rate' = '100000' -- Events a second of event time: the five million are 50 seconds of a busy auction house.
);

CREATE VIEW person AS SELECT person.id, person.name, person.city FROM events WHERE event_type = 0;

CREATE VIEW auction AS
SELECT auction.id, auction.seller, auction.category, event_time AS opened, auction.expires FROM events WHERE event_type = 1;

CREATE VIEW bid AS SELECT bid.auction, bid.bidder, bid.price, event_time FROM events WHERE event_type = 2;

-- What each auction was sold for: the highest bid while it was open, in dollars (prices are in cents).
CREATE VIEW sale AS
SELECT auction.id, auction.seller, auction.category, COUNT(*) AS bids, CAST(MAX(bid.price) / 100.0 AS DECIMAL(12, 2)) AS price
FROM auction JOIN bid ON bid.auction = auction.id AND bid.event_time BETWEEN auction.opened AND auction.expires
GROUP BY auction.id, auction.seller, auction.category;
