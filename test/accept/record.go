// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"spate/schema"
)

// readRecords reads a file of JSON objects, one a line, gzipped when its name says so.
func readRecords[T any](path string) (records []T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 256<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var record T
		if err := json.Unmarshal(lines.Bytes(), &record); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		records = append(records, record)
	}
	return records, lines.Err()
}

// typed is a recorded value: SQL NULL, or one upper-case key with its payload and attributes in lower case.
type typed struct {
	key     string // Empty for NULL.
	payload json.RawMessage
	kind    string // Row kind of a ROW; empty is +I.
	text    string
	class   string
}

// UnmarshalJSON implements json.Unmarshaler.
func (v *typed) UnmarshalJSON(b []byte) error {
	*v = typed{}
	if string(b) == "null" {
		return nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(b, &object); err != nil {
		return fmt.Errorf("reading a recorded value: %w", err)
	}
	for k, p := range object {
		var err error
		switch {
		case k == strings.ToUpper(k):
			v.key, v.payload = k, p
		case k == "kind":
			err = json.Unmarshal(p, &v.kind)
		case k == "text":
			err = json.Unmarshal(p, &v.text)
		case k == "class":
			err = json.Unmarshal(p, &v.class)
		}
		if err != nil {
			return err
		}
	}
	if v.key == "" {
		return fmt.Errorf("no type in the recorded value %.80s", b)
	}
	return nil
}

// null tells whether the value is SQL NULL.
func (v *typed) null() bool { return v.key == "" }

// list returns the payload of ARRAY and ROW.
func (v *typed) list() (values []typed, err error) {
	err = json.Unmarshal(v.payload, &values)
	return values, err
}

// entries returns the payload of MAP.
func (v *typed) entries() (pairs [][2]typed, err error) {
	err = json.Unmarshal(v.payload, &pairs)
	return pairs, err
}

// member is a field of a STRUCT.
type member struct {
	name  string
	value typed
}

// members returns the payload of STRUCT, in the order of the text.
func (v *typed) members() ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(v.payload))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var out []member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		m := member{name: fmt.Sprint(name)}
		if err := d.Decode(&m.value); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// rowKind returns the kind of a ROW.
func (v *typed) rowKind() schema.RowKind { return parseKind(v.kind) }

func parseKind(s string) schema.RowKind {
	switch s {
	case "-U":
		return schema.UpdateBefore
	case "+U":
		return schema.UpdateAfter
	case "-D":
		return schema.Delete
	default:
		return schema.Insert
	}
}

// inferType returns a type that holds the values of a column whose declared type names a Java class only; nil when it cannot be told.
func inferType(values []typed) *schema.Type {
	for i := range values {
		v := &values[i]
		if v.null() {
			continue
		}
		if t := typeOf(v); t != nil {
			return t
		}
	}
	return nil
}

// plainTypes are the types of values without parameters.
var plainTypes = map[string]string{
	"BOOLEAN": "BOOLEAN", "TINYINT": "TINYINT", "SMALLINT": "SMALLINT", "INT": "INT", "BIGINT": "BIGINT", "FLOAT": "FLOAT", "DOUBLE": "DOUBLE",
	"DECIMAL": "DECIMAL(38, 18)", "STRING": "STRING", "BYTES": "BYTES", "DATE": "DATE", "TIME": "TIME(0)", "TIMESTAMP": "TIMESTAMP(9)",
	"TIMESTAMP_LTZ": "TIMESTAMP_LTZ(9)", "INTERVAL_MONTHS": "INTERVAL YEAR TO MONTH", "INTERVAL_SECONDS": "INTERVAL DAY TO SECOND(3)",
	"VARIANT": "VARIANT", "BITMAP": "BITMAP", "BITMAP_RANGES": "BITMAP",
}

func typeOf(v *typed) *schema.Type {
	switch v.key {
	case "ARRAY":
		list, err := v.list()
		if err != nil {
			return nil
		}
		if e := inferType(list); e != nil {
			return schema.NewArray(e)
		}
	case "MAP":
		pairs, err := v.entries()
		if err != nil {
			return nil
		}
		var keys, values []typed
		for _, p := range pairs {
			keys, values = append(keys, p[0]), append(values, p[1])
		}
		if k, e := inferType(keys), inferType(values); k != nil && e != nil {
			return schema.NewMap(k, e)
		}
	case "ROW":
		list, err := v.list()
		if err != nil {
			return nil
		}
		var fields []schema.Field
		for i := range list {
			t := typeOf(&list[i])
			if t == nil {
				return nil
			}
			fields = append(fields, schema.Field{Name: fmt.Sprintf("f%d", i), Type: t})
		}
		return schema.NewRow(fields...)
	case "STRUCT":
		members, err := v.members()
		if err != nil {
			return nil
		}
		var fields []schema.Field
		for i := range members {
			t := typeOf(&members[i].value)
			if t == nil {
				return nil
			}
			fields = append(fields, schema.Field{Name: members[i].name, Type: t})
		}
		return schema.NewRow(fields...)
	case "SYMBOL":
		return &schema.Type{Root: schema.Raw, Nullable: true, Class: v.class}
	default:
		if name, ok := plainTypes[v.key]; ok {
			return schema.MustParseType(name)
		}
	}
	return nil
}
