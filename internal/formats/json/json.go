// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package json is the JSON format: one object a line, with the options and the semantics of Flink's json format.
//
// The decoder goes through the bytes once, eight at a time, and writes values straight into columns; nothing is allocated per row. It
// expects the keys of an object, with the punctuation around them, as the objects before had them, and looks names up only where that
// fails. A record that is not complete in the bytes at hand is taken back and read again with more. A line may also hold an array of
// objects, each of which is a row. Decoders and encoders belong to one subtask.
package json

import (
	"fmt"
	"strings"

	"spate/connector"
	"spate/internal/formats/fill"
	"spate/internal/sys/errs"
	"spate/schema"
)

// Identifier is the name of the format.
const Identifier = "json"

// Option keys, without the format's prefix.
const (
	keyMissing     = "fail-on-missing-field"
	keyIgnore      = "ignore-parse-errors"
	keyTimestamp   = "timestamp-format.standard"
	keyNullMode    = "map-null-key.mode"
	keyNullLiteral = "map-null-key.literal"
	keyPlain       = "encode.decimal-as-plain-number"
	keySkipNulls   = "encode.ignore-null-fields"
	keyParser      = "decode.json-parser.enabled"
)

// Values of the options.
const (
	timeSQL    = "SQL"
	timeISO    = "ISO-8601"
	timeOffset = "ISO-8601-WITH-OFFSET"

	nullFail    = "FAIL"
	nullDrop    = "DROP"
	nullLiteral = "LITERAL"
)

// Format returns the format.
func Format() *connector.Format {
	return &connector.Format{
		Identifier: Identifier,
		Doc:        "One JSON object a line.",
		Options: []connector.Option{
			{Key: keyMissing, Kind: connector.BoolOption, Default: "false", Doc: "true: fail when a field is missing; false: it is NULL."},
			{Key: keyIgnore, Kind: connector.BoolOption, Default: "false", Doc: "true: skip malformed rows, make malformed fields NULL."},
			{
				Key: keyTimestamp, Kind: connector.EnumOption, Default: timeSQL, Enum: []string{timeSQL, timeISO, timeOffset},
				Doc: "Form of timestamps: 2020-12-30 12:13:14.123, with a T, or with a T and an offset.",
			},
			{
				Key: keyNullMode, Kind: connector.EnumOption, Default: nullFail, Enum: []string{nullFail, nullDrop, nullLiteral},
				Doc: "What to do with NULL keys of maps when writing.",
			},
			{Key: keyNullLiteral, Default: "null", Doc: "Key to write for a NULL key in mode LITERAL."},
			{Key: keyPlain, Kind: connector.BoolOption, Default: "false", Doc: "true: write decimals without exponents."},
			{Key: keySkipNulls, Kind: connector.BoolOption, Default: "false", Doc: "true: leave out NULL fields when writing."},
			{Key: keyParser, Kind: connector.BoolOption, Default: "true", Doc: "Accepted without effect: there is one decoder."},
		},
		Decoder: newDecoder,
		Encoder: newEncoder,
	}
}

// config is the options, checked.
type config struct {
	failMissing bool
	ignore      bool
	style       fill.Style
	offset      bool // TIMESTAMP has a Z when written.
	nullMode    string
	nullLiteral string
	plain       bool
	skipNulls   bool
}

func newConfig(o connector.Options) (config, error) {
	c := config{
		failMissing: o.Bool(keyMissing, false), ignore: o.Bool(keyIgnore, false), plain: o.Bool(keyPlain, false), skipNulls: o.Bool(keySkipNulls, false),
		nullMode: o.Enum(keyNullMode, nullFail, nullFail, nullDrop, nullLiteral), nullLiteral: o.Get(keyNullLiteral, "null"),
	}
	if c.failMissing && c.ignore {
		return c, errs.New(errs.InvalidOption, "options 'json.%s' and 'json.%s' exclude each other", keyMissing, keyIgnore)
	}
	switch o.Enum(keyTimestamp, timeSQL, timeSQL, timeISO, timeOffset) {
	case timeSQL:
		c.style = fill.Style{Separator: ' ', Strict: true}
	case timeISO:
		c.style = fill.Style{Separator: 'T', Strict: true, SecondsOptional: true}
	case timeOffset:
		c.style = fill.Style{Separator: 'T', Strict: true, SecondsOptional: true, Offset: true}
		c.offset = true
	}
	return c, nil
}

// check refuses types that the format cannot hold.
func check(columns schema.Schema) error {
	for _, c := range columns {
		if !holds(c.Type) {
			return errs.New(errs.NotSupported, "the json format cannot hold column %s of type %s", c.Name, c.Type)
		}
	}
	return nil
}

func holds(t *schema.Type) bool {
	switch t.Root {
	case schema.Array:
		return holds(t.Elem)
	case schema.Map:
		return t.Key.IsString() && holds(t.Elem)
	case schema.Multiset:
		return t.Elem.IsString()
	case schema.Row:
		for _, f := range t.Fields {
			if !holds(f.Type) {
				return false
			}
		}
		return true
	case schema.Structured, schema.Variant, schema.Bitmap, schema.Raw:
		return false
	default:
		return true
	}
}

// textOf cuts a record to a readable length for messages.
func textOf(record []byte) string {
	const longest = 200
	if len(record) > longest {
		return fmt.Sprintf("%s... (%d bytes)", strings.ToValidUTF8(string(record[:longest]), "\uFFFD"), len(record))
	}
	return strings.ToValidUTF8(string(record), "\uFFFD")
}
