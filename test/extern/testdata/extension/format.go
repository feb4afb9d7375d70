// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package extension

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"spate/batch"
	"spate/connector"
	"spate/schema"
)

// PipeFormat reads and writes lines of BIGINT and STRING fields parted by a character, `|` unless pipe.separator says otherwise.
func PipeFormat() *connector.Format {
	return &connector.Format{
		Identifier: "pipe",
		Doc:        "Lines of fields parted by one character.",
		Options:    []connector.Option{{Key: "separator", Default: "|", Doc: "The character between two fields."}},
		Decoder: func(c *connector.FormatContext) (connector.Decoder, error) {
			return &pipeDecoder{separator: c.Options.Get("separator", "|"), columns: c.Columns, wanted: c.Wanted}, nil
		},
		Encoder: func(c *connector.FormatContext) (connector.Encoder, error) {
			return &pipeEncoder{separator: c.Options.Get("separator", "|"), columns: c.Columns}, nil
		},
	}
}

type pipeDecoder struct {
	separator string
	columns   schema.Schema
	wanted    []int
	line      int64
}

func (d *pipeDecoder) Reset(bool) { d.line = 0 }

func (d *pipeDecoder) Splittable() connector.Splittable { return connector.AtLines }

func (d *pipeDecoder) Decode(src []byte, eof bool, b *batch.Batch, limit int) (int, error) {
	consumed := 0
	for rows := 0; rows < limit && consumed < len(src); rows++ {
		line, more, found := bytes.Cut(src[consumed:], []byte("\n"))
		if !found && !eof {
			break
		}
		d.line++
		if err := d.decodeLine(string(line), b); err != nil {
			return consumed, err
		}
		b.AppendKind(schema.Insert)
		consumed = len(src) - len(more)
	}
	return consumed, nil
}

func (d *pipeDecoder) decodeLine(line string, b *batch.Batch) error {
	fields := strings.Split(line, d.separator)
	if len(fields) != len(d.columns) {
		return &connector.RowError{Line: d.line, Reason: fmt.Sprintf("%d fields, want %d", len(fields), len(d.columns)), Text: line}
	}
	for i, c := range d.wanted {
		column, text, out := d.columns[c], fields[c], b.Own(i)
		if text == "" {
			out.AppendNull()
			continue
		}
		if column.Type.Root == schema.BigInt {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return &connector.RowError{Line: d.line, Field: column.Name, Reason: "not a whole number", Text: line}
			}
			batch.Append(out, n)
			continue
		}
		out.AppendString(text)
	}
	return nil
}

type pipeEncoder struct {
	separator string
	columns   schema.Schema
}

func (e *pipeEncoder) Header() []byte { return nil }

func (e *pipeEncoder) Encode(dst []byte, b *batch.Batch, positions []int32) ([]byte, error) {
	for _, p := range positions {
		for c, column := range e.columns {
			if c > 0 {
				dst = append(dst, e.separator...)
			}
			v := b.Col(c).Value(int(p))
			switch {
			case v.Null:
			case column.Type.Root == schema.BigInt:
				dst = strconv.AppendInt(dst, v.I, 10)
			default:
				dst = append(dst, v.S...)
			}
		}
		dst = append(dst, '\n')
	}
	return dst, nil
}
