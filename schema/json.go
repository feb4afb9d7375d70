// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package schema

import (
	"encoding/json"
	"fmt"
	"strings"
)

// The marks that follow the type string of a time attribute in JSON.
const (
	rowTimeMark  = " *ROWTIME*"
	procTimeMark = " *PROCTIME*"
)

// MarshalText returns the full type string, with *ROWTIME* or *PROCTIME* after a time attribute: the form in which job graphs and
// savepoints hold types.
func (t *Type) MarshalText() ([]byte, error) {
	s := t.String()
	switch t.Attr {
	case RowTime:
		s += rowTimeMark
	case ProcTime:
		s += procTimeMark
	case NotTimeAttr:
	}
	return []byte(s), nil
}

// UnmarshalText reads what MarshalText wrote.
func (t *Type) UnmarshalText(text []byte) error {
	s, attr := string(text), NotTimeAttr
	if rest, ok := strings.CutSuffix(s, rowTimeMark); ok {
		s, attr = rest, RowTime
	} else if rest, ok := strings.CutSuffix(s, procTimeMark); ok {
		s, attr = rest, ProcTime
	}
	p, err := parseType(s, true)
	if err != nil {
		return err
	}
	if attr != NotTimeAttr && !p.IsTimestamp() {
		return fmt.Errorf("type %q: only a timestamp can be a time attribute", text)
	}
	*t = *p
	t.Attr = attr
	return nil
}

// fieldJSON is the JSON form of a Field.
type fieldJSON struct {
	Name    string `json:"name"`
	Type    *Type  `json:"type"`
	Comment string `json:"comment,omitempty"`
}

// MarshalJSON writes the field as an object with lower-case keys.
func (f Field) MarshalJSON() ([]byte, error) { return json.Marshal(fieldJSON(f)) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Field) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, (*fieldJSON)(f)) }
