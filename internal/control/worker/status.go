// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package worker

import (
	"time"

	"spate/internal/flow"
	"spate/internal/graph"
)

// Status is a job's counters at one moment.
type Status struct {
	Read      int64          // Records that sources read, with those that pushed-down filters dropped.
	RowsIn    int64          // Made by sources.
	RowsOut   int64          // Received by sinks.
	Late      int64          // Dropped because they came after the watermark.
	Errors    int64          // Rows that sources skipped.
	Watermark flow.Watermark // Least of the sources'; flow.MinWatermark when unknown.
	Elapsed   time.Duration
	Vertices  []VertexStatus
}

// VertexStatus is the counters of a vertex, summed over its subtasks.
type VertexStatus struct {
	Name      string
	RowsIn    int64
	RowsOut   int64
	Late      int64
	Watermark flow.Watermark
	Done      bool
}

// Status returns the job's counters.
func (j *Job) Status() Status {
	j.mu.Lock()
	end := j.finishedAt
	j.mu.Unlock()
	if end.IsZero() {
		end = time.Now()
	}
	s := Status{Elapsed: end.Sub(j.startedAt), Watermark: flow.MaxWatermark}
	var cur *VertexStatus
	for i, d := range j.tasks {
		if i == 0 || d.vertex != j.tasks[i-1].vertex {
			s.Vertices = append(s.Vertices, VertexStatus{Name: d.vertex.Name, Watermark: flow.MaxWatermark, Done: true})
			cur = &s.Vertices[len(s.Vertices)-1]
		}
		m := &d.task.Metrics
		in, out, late := m.RowsIn.Load(), m.RowsOut.Load(), m.Late.Load()
		cur.RowsIn += in
		cur.RowsOut += out
		cur.Late += late
		cur.Watermark = min(cur.Watermark, flow.Watermark(m.Watermark.Load()))
		cur.Done = cur.Done && m.Done.Load()
		s.Late += late
		s.Errors += m.Errors.Load()
		nodes := d.vertex.Nodes
		switch nodes[0].Spec.(type) {
		case *graph.SourceSpec, *graph.ValuesSpec:
			s.RowsIn += in
			s.Read += in + m.Filtered.Load()
			s.Watermark = min(s.Watermark, flow.Watermark(m.Watermark.Load()))
		}
		s.RowsOut += m.SinkRows.Load()
	}
	return s
}
