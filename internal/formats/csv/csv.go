// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package csv is the CSV format: RFC 4180 with the options and the semantics of Flink's csv format.
//
// The decoder goes through the bytes once, eight at a time, and writes values straight into columns; nothing is allocated per row. A
// record that is not complete in the bytes at hand is taken back and read again with more. Decoders and encoders belong to one subtask.
//
// Beyond Flink: csv.header skips the first line of each file when reading and writes one with the names of the columns.
package csv

import (
	"fmt"
	"strconv"
	"strings"

	"spate/connector"
	"spate/internal/sys/errs"
	"spate/schema"
)

// Identifier is the name of the format.
const Identifier = "csv"

// Option keys, without the format's prefix.
const (
	keyDelimiter      = "field-delimiter"
	keyQuote          = "quote-character"
	keyNoQuote        = "disable-quote-character"
	keyEscape         = "escape-character"
	keyComments       = "allow-comments"
	keyIgnore         = "ignore-parse-errors"
	keyNull           = "null-literal"
	keyArrayDelimiter = "array-element-delimiter"
	keyScientific     = "write-bigdecimal-in-scientific-notation"
	keyHeader         = "header"
)

// Format returns the format.
func Format() *connector.Format {
	return &connector.Format{
		Identifier: Identifier,
		Doc:        "Comma separated values (RFC 4180).",
		Options: []connector.Option{
			{Key: keyDelimiter, Default: ",", Doc: "Character between fields; \\t and the like are understood."},
			{Key: keyQuote, Default: `"`, Doc: "Character around values that hold special characters."},
			{Key: keyNoQuote, Kind: connector.BoolOption, Default: "false", Doc: "true: there are no quotes."},
			{Key: keyEscape, Doc: "Character that takes the meaning off the next one."},
			{Key: keyComments, Kind: connector.BoolOption, Default: "false", Doc: "true: skip lines that start with #."},
			{Key: keyIgnore, Kind: connector.BoolOption, Default: "false", Doc: "true: skip malformed rows, make malformed fields NULL."},
			{Key: keyNull, Doc: "Text that stands for NULL."},
			{Key: keyArrayDelimiter, Default: ";", Doc: "Text between the elements of arrays and the fields of rows."},
			{Key: keyScientific, Kind: connector.BoolOption, Default: "true", Doc: "false: write all decimals in plain notation."},
			{Key: keyHeader, Kind: connector.BoolOption, Default: "false", Doc: "true: files start with a line of column names."},
		},
		Decoder: newDecoder,
		Encoder: newEncoder,
	}
}

// config is the options, checked.
type config struct {
	delimiter      byte
	quote          byte // Counts only with quoting.
	quoting        bool
	escape         byte // Counts only with escaping.
	escaping       bool
	comments       bool
	ignore         bool
	null           string
	hasNull        bool
	arrayDelimiter string
	scientific     bool
	header         bool
}

func newConfig(o connector.Options) (config, error) {
	c := config{
		delimiter: ',', quote: '"', quoting: !o.Bool(keyNoQuote, false), comments: o.Bool(keyComments, false), ignore: o.Bool(keyIgnore, false),
		null: o.Get(keyNull, ""), hasNull: o.Has(keyNull), arrayDelimiter: o.Get(keyArrayDelimiter, ";"), scientific: o.Bool(keyScientific, true),
		header: o.Bool(keyHeader, false),
	}
	if !c.quoting && o.Has(keyQuote) {
		return c, errs.New(errs.InvalidOption, "options 'csv.%s' and 'csv.%s' exclude each other", keyQuote, keyNoQuote)
	}
	var err error
	if text, ok := o[keyDelimiter]; ok {
		if c.delimiter, err = character(keyDelimiter, unescape(text)); err != nil {
			return c, err
		}
	}
	if text, ok := o[keyQuote]; ok {
		if c.quote, err = character(keyQuote, text); err != nil {
			return c, err
		}
	}
	if text, ok := o[keyEscape]; ok {
		if c.escape, err = character(keyEscape, text); err != nil {
			return c, err
		}
		c.escaping = true
	}
	switch {
	case c.delimiter == '\n' || c.delimiter == '\r':
		return c, connector.BadValue(Identifier+"."+keyDelimiter, o[keyDelimiter], "a character that does not end lines")
	case c.quoting && c.quote == c.delimiter:
		return c, connector.BadValue(Identifier+"."+keyQuote, o[keyQuote], "another character than the field delimiter")
	case c.arrayDelimiter == "":
		return c, connector.BadValue(Identifier+"."+keyArrayDelimiter, "", "at least one character")
	}
	return c, nil
}

// character reads an option that is one ASCII character.
func character(key, text string) (byte, error) {
	if len(text) != 1 || text[0] >= 0x80 {
		return 0, connector.BadValue(Identifier+"."+key, text, "one ASCII character")
	}
	return text[0], nil
}

// unescape reads \t, \n, \uXXXX and the like in an option.
func unescape(text string) string {
	if !strings.Contains(text, `\`) || text == `\` {
		return text
	}
	if s, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`); err == nil {
		return s
	}
	return text
}

// check refuses types that the format cannot hold: maps, and collections within collections.
func check(columns schema.Schema) error {
	for _, c := range columns {
		ok := true
		switch c.Type.Root {
		case schema.Array:
			ok = scalar(c.Type.Elem)
		case schema.Row:
			for _, f := range c.Type.Fields {
				ok = ok && scalar(f.Type)
			}
		default:
			ok = scalar(c.Type)
		}
		if !ok {
			return errs.New(errs.NotSupported, "the csv format cannot hold column %s of type %s", c.Name, c.Type)
		}
	}
	return nil
}

func scalar(t *schema.Type) bool {
	switch t.Root {
	case schema.Array, schema.Row, schema.Map, schema.Multiset, schema.Structured, schema.Variant, schema.Bitmap, schema.Raw, schema.Null:
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
