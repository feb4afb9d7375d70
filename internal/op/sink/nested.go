// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package sink

import (
	"strconv"

	"spate/batch"
	"spate/schema"
)

// Values of SinkSpec.NotNullNested.
const (
	nestedRows = "ROWS"
	nestedAll  = "ROWS_AND_COLLECTIONS"
)

// nestedColumns lists the columns that have a NOT NULL value somewhere below them that is to be enforced.
func nestedColumns(columns schema.Schema, level string) []int {
	if level != nestedRows && level != nestedAll {
		return nil
	}
	var cols []int
	for i, c := range columns {
		if nestedNotNull(c.Type, level) {
			cols = append(cols, i)
		}
	}
	return cols
}

// nestedNotNull tells whether a value below the type must not be NULL.
func nestedNotNull(t *schema.Type, level string) bool {
	if !descends(t, level) {
		return false
	}
	for _, k := range t.Children() {
		if !k.Nullable || nestedNotNull(k, level) {
			return true
		}
	}
	return false
}

// descends tells whether the values below a type are looked at.
func descends(t *schema.Type, level string) bool {
	switch t.Physical() {
	case schema.PhysStruct:
		return true
	case schema.PhysList, schema.PhysMap:
		return level == nestedAll
	default:
		return false
	}
}

// findNull returns the path of the first NULL below row i of v where the type, which is that of the table, says NOT NULL; "" when there
// is none.
func findNull(t *schema.Type, level string, v *batch.Vector, i int, path string) string {
	if v.IsNull(i) || !descends(t, level) {
		return ""
	}
	kids := t.Children()
	if t.Physical() == schema.PhysStruct {
		for f, k := range kids {
			if p := checkNull(k, level, v.Child(f), i, path+"."+t.Fields[f].Name); p != "" {
				return p
			}
		}
		return ""
	}
	offs := v.Offsets()
	for j := int(offs[i]); j < int(offs[i+1]); j++ {
		for c, k := range kids {
			at := path + "[" + strconv.Itoa(j-int(offs[i])) + "]"
			if t.Physical() == schema.PhysMap {
				at = path + [2]string{"[key]", "[value]"}[c]
			}
			if p := checkNull(k, level, v.Child(c), j, at); p != "" {
				return p
			}
		}
	}
	return ""
}

func checkNull(t *schema.Type, level string, v *batch.Vector, i int, path string) string {
	if !t.Nullable && v.IsNull(i) {
		return path
	}
	return findNull(t, level, v, i, path)
}
