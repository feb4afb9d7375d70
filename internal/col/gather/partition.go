// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package gather

// Partitions holds, for each partition, the positions of its rows in their order. The zero value is ready; Split reuses its memory.
type Partitions struct {
	starts []int32
	rows   []int32
}

// Split sorts rows into n partitions by counting: the k-th row, at position sel[k] or k when sel is nil, goes to partition targets[k],
// which must be below n.
func (p *Partitions) Split(targets []int32, sel []int32, n int) {
	p.starts = sized(p.starts, n+2)
	p.rows = sized(p.rows, len(targets))
	clear(p.starts)
	starts := p.starts
	for _, t := range targets {
		starts[t+2]++
	}
	for i := 2; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	// starts[t+1] is where the next row of partition t goes, and in the end where partition t+1 starts.
	rows := p.rows
	if sel == nil {
		for k, t := range targets {
			at := starts[t+1]
			rows[at] = int32(k)
			starts[t+1] = at + 1
		}
		return
	}
	sel = sel[:len(targets)]
	for k, t := range targets {
		at := starts[t+1]
		rows[at] = sel[k]
		starts[t+1] = at + 1
	}
}

// Of returns the positions of the rows of partition i; it is valid until the next Split.
func (p *Partitions) Of(i int) []int32 { return p.rows[p.starts[i]:p.starts[i+1]] }

func sized(s []int32, n int) []int32 {
	if cap(s) < n {
		s = make([]int32, max(n, 2*cap(s)))
	}
	return s[:n]
}
