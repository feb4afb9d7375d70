// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark

import (
	"math"
	"strconv"

	"spate/connector"
)

// Option keys, named as in Nexmark's own connector.
const (
	keyEvents          = "events.num"
	keyRate            = "first-event.rate"
	keyNextRate        = "next-event.rate"
	keyPersons         = "person.proportion"
	keyAuctions        = "auction.proportion"
	keyBids            = "bid.proportion"
	keyHotAuctions     = "bid.hot-ratio.auctions"
	keyHotBidders      = "bid.hot-ratio.bidders"
	keyHotSellers      = "auction.hot-ratio.sellers"
	keyPersonSize      = "person.avg-size"
	keyAuctionSize     = "auction.avg-size"
	keyBidSize         = "bid.avg-size"
	keyActivePeople    = "person.active"
	keyInFlight        = "auction.in-flight"
	keyMaxSpeed        = "max-emit-speed"
	keyKeepAlive       = "keep-alive"
	keySeed            = "seed"
	keyBaseTime        = "base-time"
	keyGroupSize       = "out-of-order.group-size"
	defaultRate        = 10_000
	defaultBaseTime    = 1_436_918_400_000
	maxAverageSize     = 500_000 // An extra is a slice of the pool, which it must fit into with its deviation of 20 %.
	maxProportion      = 1_000_000
	maxGroupSize       = 1 << 30
	maxRate            = 1 << 40
	maxEvents          = math.MaxInt64 / 2000 // Positions are multiplied by 1,000 and 953.
	maxCount           = math.MaxInt32 - 16
	defaultPersonSize  = 200
	defaultAuctionSize = 500
	defaultBidSize     = 100
)

// options declares the options.
var options = []connector.Option{
	{Key: keyEvents, Kind: connector.LongOption, Default: "0", Doc: "Number of events; 0 is without end."},
	{Key: keyRate, Kind: connector.LongOption, Default: "10000", Doc: "Events a second of event time."},
	{Key: keyNextRate, Kind: connector.LongOption, Default: "10000", Doc: "Accepted and not used: the rate is constant."},
	{Key: keyPersons, Kind: connector.IntOption, Default: "1", Doc: "Share of person events."},
	{Key: keyAuctions, Kind: connector.IntOption, Default: "3", Doc: "Share of auction events."},
	{Key: keyBids, Kind: connector.IntOption, Default: "46", Doc: "Share of bid events."},
	{Key: keyHotAuctions, Kind: connector.IntOption, Default: "2", Doc: "All but one of so many bids go to a hot auction."},
	{Key: keyHotBidders, Kind: connector.IntOption, Default: "4", Doc: "All but one of so many bids come from a hot bidder."},
	{Key: keyHotSellers, Kind: connector.IntOption, Default: "4", Doc: "All but one of so many auctions have a hot seller."},
	{Key: keyPersonSize, Kind: connector.IntOption, Default: "200", Doc: "Average bytes of a person."},
	{Key: keyAuctionSize, Kind: connector.IntOption, Default: "500", Doc: "Average bytes of an auction."},
	{Key: keyBidSize, Kind: connector.IntOption, Default: "100", Doc: "Average bytes of a bid."},
	{Key: keyActivePeople, Kind: connector.IntOption, Default: "1000", Doc: "People that bid and sell at one time."},
	{Key: keyInFlight, Kind: connector.IntOption, Default: "100", Doc: "Auctions that are open at one time."},
	{Key: keyMaxSpeed, Kind: connector.BoolOption, Default: "true", Doc: "false: events come at the pace of their event time."},
	{Key: keyKeepAlive, Kind: connector.BoolOption, Default: "false", Doc: "true: stay alive, idle, after the last event."},
	{Key: keySeed, Kind: connector.LongOption, Default: "0", Doc: "Seed of everything that is drawn."},
	{Key: keyBaseTime, Kind: connector.LongOption, Default: "1436918400000", Doc: "Event time of event 0 in milliseconds since the epoch."},
	{Key: keyGroupSize, Kind: connector.IntOption, Default: "1", Doc: "Events come out of order within groups of this size."},
}

// config is the options, checked.
type config struct {
	events   int64
	rate     int64
	seed     int64
	baseTime int64

	persons, auctions, bids             int64
	hotAuctions, hotBidders, hotSellers uint64
	activePeople, inFlight              int64
	personSize, auctionSize, bidSize    int
	groupSize                           int64
	maxSpeed, keepAlive                 bool
}

// newConfig reads validated options and checks ranges.
func newConfig(o connector.Options) (config, error) {
	c := config{
		events: o.Long(keyEvents, 0), rate: o.Long(keyRate, defaultRate),
		seed: o.Long(keySeed, 0), baseTime: o.Long(keyBaseTime, defaultBaseTime),
		persons: o.Long(keyPersons, 1), auctions: o.Long(keyAuctions, 3), bids: o.Long(keyBids, 46),
		hotAuctions: uint64(o.Long(keyHotAuctions, 2)), hotBidders: uint64(o.Long(keyHotBidders, 4)), hotSellers: uint64(o.Long(keyHotSellers, 4)),
		activePeople: o.Long(keyActivePeople, 1000), inFlight: o.Long(keyInFlight, 100),
		personSize: o.Int(keyPersonSize, defaultPersonSize), auctionSize: o.Int(keyAuctionSize, defaultAuctionSize), bidSize: o.Int(keyBidSize, defaultBidSize),
		groupSize: o.Long(keyGroupSize, 1), maxSpeed: o.Bool(keyMaxSpeed, true), keepAlive: o.Bool(keyKeepAlive, false),
	}
	ranges := []struct {
		key       string
		low, high int64
	}{
		{keyEvents, 0, maxEvents},
		{keyRate, 1, maxRate},
		{keyGroupSize, 1, maxGroupSize},
		{keyBaseTime, -maxEvents, maxEvents},
		{keyPersons, 0, maxProportion},
		{keyAuctions, 0, maxProportion},
		{keyBids, 0, maxProportion},
		{keyHotAuctions, 0, maxCount},
		{keyHotBidders, 0, maxCount},
		{keyHotSellers, 0, maxCount},
		{keyActivePeople, 0, maxCount},
		{keyInFlight, 0, maxProportion},
		{keyPersonSize, 0, maxAverageSize},
		{keyAuctionSize, 0, maxAverageSize},
		{keyBidSize, 0, maxAverageSize},
	}
	for _, r := range ranges {
		if n := o.Long(r.key, r.low); n < r.low || n > r.high {
			return c, connector.BadValue(r.key, o[r.key], "a number from "+strconv.FormatInt(r.low, 10)+" to "+strconv.FormatInt(r.high, 10))
		}
	}
	if c.persons+c.auctions+c.bids == 0 {
		return c, connector.BadValue(keyBids, o.Get(keyBids, "0"), "one of the three proportions to be greater than 0")
	}
	return c, nil
}

// bounded tells whether the events end.
func (c *config) bounded() bool { return c.events > 0 && !c.keepAlive }
