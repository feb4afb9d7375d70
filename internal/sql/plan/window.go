// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"slices"

	"spate/internal/expr"
	"spate/internal/graph"
)

// WindowCols says which columns of a node's output are the bounds of the window that each row belongs to.
type WindowCols struct {
	Start, End, Time []int
	// Window is how the rows were assigned; its column indexes mean nothing here.
	Window graph.Window
}

// empty tells whether the bounds are not both there.
func (w *WindowCols) empty() bool { return w == nil || len(w.Start) == 0 || len(w.End) == 0 }

// WindowOf finds the window columns of a node, nil when its rows have none. A window table makes them, projections pass them
// on, a group by both bounds keeps them, a window join has those of both sides.
func WindowOf(n Node) *WindowCols {
	switch n := n.(type) {
	case *WindowTable:
		at := len(n.Input.Schema())
		return &WindowCols{Start: []int{at}, End: []int{at + 1}, Time: []int{at + 2}, Window: n.Window}
	case *Filter:
		return WindowOf(n.Input)
	case *Over:
		return WindowOf(n.Input)
	case *TopN:
		if n.Hold == graph.HoldWindow {
			return WindowOf(n.Input)
		}
		return nil
	case *Project:
		return WindowOf(n.Input).mapped(func(i int) (out []int) {
			for j, e := range n.Exprs {
				if c, ok := e.(*expr.Col); ok && c.Index == i {
					out = append(out, j)
				}
			}
			return out
		})
	case *Unnest:
		return WindowOf(n.Input).mapped(func(i int) []int {
			if at := slices.Index(n.Keep, i); at >= 0 {
				return []int{at}
			}
			return nil
		})
	case *Expand:
		return WindowOf(n.Input).mapped(func(i int) []int {
			if slices.Contains(n.Grouped, i) && !n.Always(i) {
				return nil
			}
			return []int{i}
		})
	case *Aggregate:
		return windowOfAggregate(n)
	case *Join:
		if !n.KeepTime {
			return nil
		}
		l := WindowOf(n.Left)
		if n.Kind == graph.Semi || n.Kind == graph.Anti {
			return l
		}
		shift := len(n.Left.Schema())
		r := WindowOf(n.Right).mapped(func(i int) []int { return []int{i + shift} })
		if l == nil || r == nil {
			return nil
		}
		return &WindowCols{
			Start: append(slices.Clone(l.Start), r.Start...), End: append(slices.Clone(l.End), r.End...),
			Time: append(slices.Clone(l.Time), r.Time...), Window: l.Window,
		}
	default:
		return nil
	}
}

func windowOfAggregate(n *Aggregate) *WindowCols {
	if n.Legacy {
		return nil
	}
	if n.Window != nil {
		w := &WindowCols{Window: *n.Window}
		for i, p := range n.Props {
			at := len(n.Keys) + len(n.Aggs) + i
			switch p {
			case graph.WindowStart:
				w.Start = append(w.Start, at)
			case graph.WindowEnd:
				w.End = append(w.End, at)
			case graph.WindowTime:
				w.Time = append(w.Time, at)
			}
		}
		if n.Window.Attached {
			for at, k := range n.Keys {
				switch k {
				case n.Window.StartCol:
					w.Start = append(w.Start, at)
				case n.Window.EndCol:
					w.End = append(w.End, at)
				}
			}
		}
		if w.empty() {
			return nil
		}
		return w
	}
	return WindowOf(n.Input).mapped(func(i int) (out []int) {
		for at, k := range n.Keys {
			if k == i {
				out = append(out, at)
			}
		}
		return out
	})
}

// mapped moves the columns; nil when one of the bounds is lost.
func (w *WindowCols) mapped(to func(int) []int) *WindowCols {
	if w == nil {
		return nil
	}
	move := func(cols []int) (out []int) {
		for _, c := range cols {
			out = append(out, to(c)...)
		}
		return out
	}
	m := &WindowCols{Start: move(w.Start), End: move(w.End), Time: move(w.Time), Window: w.Window}
	if m.empty() {
		return nil
	}
	return m
}

// WindowTimeKeys returns the keys of an aggregation, by their place, that are the time of the window that it groups by: they stay
// time attributes.
func WindowTimeKeys(n *Aggregate) []int {
	w := WindowOf(n.Input)
	has := func(cols []int) bool {
		return slices.ContainsFunc(n.Keys, func(k int) bool { return slices.Contains(cols, k) })
	}
	if w == nil || n.Window != nil || !has(w.Start) || !has(w.End) {
		return nil
	}
	var out []int
	for i, k := range n.Keys {
		if slices.Contains(w.Time, k) {
			out = append(out, i)
		}
	}
	return out
}

// SameWindow tells whether two windows cut time in the same way.
func SameWindow(a, b graph.Window) bool {
	return a.Kind == b.Kind && a.Size == b.Size && a.Slide == b.Slide && a.Offset == b.Offset && a.ProcTime == b.ProcTime && a.Zone == b.Zone
}

// IsWindowJoin tells whether a join matches rows of the same window only: both sides have windows of one shape, and the
// condition demands that start and end are equal.
func IsWindowJoin(j *Join) bool {
	l, r := WindowOf(j.Left), WindowOf(j.Right)
	if l.empty() || r.empty() || !SameWindow(l.Window, r.Window) || l.Window.ProcTime {
		return false
	}
	starts, ends := false, false
	keys, _ := SplitJoin(j)
	for _, k := range keys {
		lc, ok1 := k.Left.(*expr.Col)
		rc, ok2 := k.Right.(*expr.Col)
		if !ok1 || !ok2 {
			continue
		}
		starts = starts || slices.Contains(l.Start, lc.Index) && slices.Contains(r.Start, rc.Index)
		ends = ends || slices.Contains(l.End, lc.Index) && slices.Contains(r.End, rc.Index)
	}
	return starts && ends
}
