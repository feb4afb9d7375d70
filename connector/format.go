// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package connector

import (
	"spate/batch"
	"spate/schema"
)

// Format declares a format.
type Format struct {
	Identifier string
	Doc        string
	Options    []Option // Keys without the "identifier." prefix.
	Decoder    func(c *FormatContext) (Decoder, error)
	Encoder    func(c *FormatContext) (Encoder, error)
}

// FormatContext is what a decoder or encoder is made for.
type FormatContext struct {
	Columns schema.Schema // Physical columns in the order of the data.
	// Wanted lists, into Columns, the columns to produce, in order: a decoder fills own vectors 0..len-1. For an encoder Columns are
	// those of the batches and Wanted are the ones to write, nil for all.
	Wanted []int
	// Into lists, for a decoder, the own vector of each wanted column; nil stands for 0..len-1.
	Into     []int
	Options  Options // The format's options, without prefix.
	TimeZone string
	Count    func(metric string, n int64)
}

// Splittable says how a file of the format may be cut.
type Splittable uint8

// Ways to cut a file.
const (
	Whole        Splittable = iota // Not at all.
	AtLines                        // At any line end.
	AtLineParity                   // At a line end outside quotes: needs the quote parity up to there.
)

// RowError is a malformed record.
type RowError struct {
	Line   int64  // 1-based, within the data given to the decoder since Reset.
	Column int    // 1-based byte within the line; 0 unknown.
	Field  string // Column name, "" when unknown.
	Reason string
	Text   string // The record, cut to a readable length.
}

// Error implements error.
func (e *RowError) Error() string { return e.Reason }

// Decoder turns bytes into rows.
type Decoder interface {
	// Reset starts a new stream (file or message); header says that it begins at the start of a file.
	Reset(start bool)
	// Decode appends at most limit rows from src to the own vectors of b and returns the bytes consumed. It stops before an
	// incomplete record unless eof. Malformed records give a *RowError, or are skipped and counted, by the options.
	Decode(src []byte, eof bool, b *batch.Batch, limit int) (consumed int, err error)
	// Splittable says how files of this configuration may be cut.
	Splittable() Splittable
}

// Encoder turns rows into bytes.
type Encoder interface {
	// Header returns what goes at the start of a file, possibly nothing.
	Header() []byte
	// Encode appends the rows of b at the given positions to dst.
	Encode(dst []byte, b *batch.Batch, positions []int32) ([]byte, error)
}
