// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package filesystem

import (
	"encoding/json"
	"fmt"
	"strconv"

	"spate/connector"
)

const stateVersion = 1

// part is a split: a file, or the lines of it that start in a range of bytes, and the position up to which it was read.
type part struct {
	Version int `json:"v"`
	file
	Start int64 `json:"start"`
	End   int64 `json:"end"` // -1: the end of the file.
	// Position is the offset (in the decompressed bytes) behind the last row that was returned; -1 before the first one.
	Position int64 `json:"position"`
}

func (p *part) encode() (connector.Split, error) {
	state, err := json.Marshal(p)
	return connector.Split{ID: p.Path + "@" + strconv.FormatInt(p.Start, 10), State: state}, err
}

func decodePart(s connector.Split) (*part, error) {
	p := &part{}
	if err := json.Unmarshal(s.State, p); err != nil {
		return nil, fmt.Errorf("reading split %s: %w", s.ID, err)
	}
	if p.Version != stateVersion {
		return nil, fmt.Errorf("reading split %s: version %d is not known", s.ID, p.Version)
	}
	if p.Path == "" || p.Start < 0 || p.Position < -1 || p.End >= 0 && p.End < p.Start {
		return nil, fmt.Errorf("reading split %s: no valid state: %s", s.ID, s.State)
	}
	return p, nil
}

// Bounds of the ranges that files are cut into.
const (
	minRange       = 4 << 20
	maxRange       = 64 << 20
	rangesPerTask  = 4
	wholeFileEnd   = -1
	notYetPosition = -1
)

// cut makes the splits of a file for a job of the given parallelism.
func (s *source) cut(f file, parallelism int) []*part {
	whole := []*part{{Version: stateVersion, file: f, End: wholeFileEnd, Position: notYetPosition}}
	if parallelism == 1 || s.splittable != connector.AtLines || codecOf(f.Path) != nil || f.Size < 2*s.minRange {
		return whole
	}
	size := min(max(f.Size/int64(parallelism*rangesPerTask), s.minRange), maxRange)
	var parts []*part
	for start := int64(0); start < f.Size; start += size {
		p := &part{Version: stateVersion, file: f, Start: start, End: start + size, Position: notYetPosition}
		if p.End >= f.Size {
			p.End = wholeFileEnd
		}
		parts = append(parts, p)
	}
	return parts
}
