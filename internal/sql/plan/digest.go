// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"spate/connector"
	"spate/internal/expr"
	"spate/internal/graph"
	"spate/schema"
)

// ExprDigest returns a text that two expressions share only if they mean the same. Positions and time attributes do not count.
func ExprDigest(e expr.Expr) string {
	var b strings.Builder
	writeExpr(&b, e)
	return b.String()
}

func writeExpr(b *strings.Builder, e expr.Expr) {
	switch x := e.(type) {
	case nil:
		b.WriteByte('-')
	case *expr.Col:
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(x.Index))
	case *expr.Lit:
		writeLit(b, x.Value)
		b.WriteByte(':')
		writeType(b, x.T)
	case *expr.Call:
		b.WriteString(strconv.Quote(x.Fn))
		if x.Version != 1 {
			b.WriteByte('@')
			b.WriteString(strconv.Itoa(x.Version))
		}
		b.WriteByte('(')
		for i, a := range x.Args {
			if i > 0 {
				b.WriteByte(',')
			}
			writeExpr(b, a)
		}
		b.WriteString("):")
		writeType(b, x.T)
	}
}

func writeLit(b *strings.Builder, v schema.Value) {
	// Nearly all literals are one of these; lists of them can be long.
	switch {
	case v.Null:
		b.WriteString("null")
		return
	case v.F == 0 && v.Wide == (schema.Int128{}) && v.Nanos == 0 && v.Elems == nil && v.S == "" && !math.Signbit(v.F):
		b.WriteString(strconv.FormatInt(v.I, 10))
		return
	case v.I == 0 && v.F == 0 && v.Wide == (schema.Int128{}) && v.Nanos == 0 && v.Elems == nil && !math.Signbit(v.F):
		b.WriteString(strconv.Quote(v.S))
		return
	}
	j, err := json.Marshal(v)
	if err != nil { // NaN and infinities.
		fmt.Fprintf(b, "%#v", v)
		return
	}
	b.Write(j)
}

func writeType(b *strings.Builder, t *schema.Type) {
	b.WriteString(strconv.Itoa(int(t.Root)))
	if t.Length != 0 || t.Precision != 0 || t.Scale != 0 || t.Unit != 0 {
		fmt.Fprintf(b, ".%d.%d.%d.%d", t.Length, t.Precision, t.Scale, t.Unit)
	}
	if t.Class != "" {
		b.WriteString(strconv.Quote(t.Class))
	}
	if t.Key != nil {
		b.WriteByte('{')
		writeType(b, t.Key)
	}
	if t.Elem != nil {
		b.WriteByte('[')
		writeType(b, t.Elem)
	}
	for _, f := range t.Fields {
		b.WriteByte('<')
		b.WriteString(strconv.Quote(f.Name))
		writeType(b, f.Type)
	}
	if !t.Nullable {
		b.WriteByte('!')
	}
}

// Digests remembers the digests of nodes, which are costly on deep plans.
type Digests struct {
	of map[Node]string
	// stable leaves out of tables all but their names.
	stable bool
}

// NewDigests returns an empty memory.
func NewDigests() *Digests { return &Digests{of: map[Node]string{}} }

// NewStableDigests returns a memory of digests that do not change with the options of tables: two nodes of one job share one only
// if they do the same, and the same query has the same after its tables were told to read or write in another way.
func NewStableDigests() *Digests { return &Digests{of: map[Node]string{}, stable: true} }

// Bare is the digest of a scan without regard to its columns: of what is read, not how much of it.
func (d *Digests) Bare(n *Scan) string {
	bare := *n
	bare.Columns, bare.Out, bare.Watermark = nil, nil, nil
	return d.Digest(&bare)
}

// Digest returns a short text that two nodes share only if they make the same rows. It depends on nothing but the plan below
// the node: it is the base of stable operator ids.
func (d *Digests) Digest(n Node) string {
	if s, ok := d.of[n]; ok {
		return s
	}
	var b strings.Builder
	d.write(&b, n)
	sum := sha256.Sum256([]byte(b.String()))
	s := hex.EncodeToString(sum[:16])
	d.of[n] = s
	return s
}

func (d *Digests) write(b *strings.Builder, n Node) {
	fmt.Fprintf(b, "%T ", n)
	switch n := n.(type) {
	case *Scan:
		d.table(b, &n.Source.Table)
		if !d.stable {
			fmt.Fprintf(b, "|%d|%v|%d|", n.Source.Parallelism, n.Source.WatermarkOnEvent, n.Source.IdleTimeout)
		}
		writeJSON(b, n.Columns)
		writeFilters(b, n.Filters)
		if n.Watermark != nil {
			b.WriteString("|wm")
			writeExpr(b, n.Watermark.Mark)
			fmt.Fprintf(b, ",%d", n.Watermark.Delay)
		}
	case *Values:
		for _, r := range n.Rows {
			for _, v := range r {
				writeLit(b, v)
			}
			b.WriteByte(';')
		}
		writeSchema(b, n.Out)
	case *Project:
		writeExprs(b, n.Exprs)
		d.in(b, n.Input)
	case *Filter:
		writeExpr(b, n.Cond)
		d.in(b, n.Input)
	case *Watermark:
		fmt.Fprintf(b, "%d,%v,%d,", n.Col, n.OnEvent, n.IdleTimeout)
		writeExpr(b, n.Mark)
		d.in(b, n.Input)
	case *Aggregate:
		fmt.Fprintf(b, "%v|%v|%v|%v|", n.Keys, n.Props, n.Legacy, n.Window != nil)
		if n.Window != nil {
			writeJSON(b, n.Window)
		}
		writeAggs(b, n.Aggs)
		d.in(b, n.Input)
	case *Expand:
		fmt.Fprintf(b, "%v|%v|%v", n.Grouped, n.Sets, n.IDs)
		d.in(b, n.Input)
	case *Join:
		fmt.Fprintf(b, "%s|%v|", n.Kind, n.KeepTime)
		writeExpr(b, n.Cond)
		d.in(b, n.Left, n.Right)
	default:
		d.writeMore(b, n)
	}
}

func (d *Digests) writeMore(b *strings.Builder, n Node) {
	switch n := n.(type) {
	case *Unnest:
		fmt.Fprintf(b, "%d|%v|%v|%v|%v", n.Col, n.Keep, n.Left, n.Expand, n.Ordinality)
		d.in(b, n.Input)
	case *WindowTable:
		writeJSON(b, n.Window)
		fmt.Fprintf(b, "%v", n.Keys)
		d.in(b, n.Input)
	case *Over:
		for _, c := range n.Calls {
			writeAggs(b, []graph.AggCall{c.Agg})
			fmt.Fprintf(b, "|%v|%v;", c.Partition, c.Sort)
		}
		d.in(b, n.Input)
	case *TopN:
		fmt.Fprintf(b, "%v|%v|%d|%d|%v", n.Partition, n.Sort, n.Start, n.End, n.OutputRank)
		if n.Hold != graph.HoldNot {
			fmt.Fprintf(b, "|%s|%d|%s", n.Hold, n.TimeCol, n.Zone)
		}
		d.in(b, n.Input)
	case *Sort:
		fmt.Fprintf(b, "%v|%d|%d", n.Keys, n.Offset, n.Limit)
		d.in(b, n.Input)
	case *Union:
		writeSchema(b, n.Out)
		d.in(b, n.Inputs...)
	case *Sink:
		d.table(b, &n.Target.Table)
		fmt.Fprintf(b, "|%s", n.Target.OnConflict)
		if !d.stable {
			fmt.Fprintf(b, "|%v", n.Target.NotNull)
		}
		d.in(b, n.Input)
	case *Collect:
		b.WriteString(n.ID)
		d.in(b, n.Input)
	default:
		panic(fmt.Sprintf("BUG: no digest of %T", n))
	}
}

func (d *Digests) in(b *strings.Builder, nodes ...Node) {
	for _, n := range nodes {
		b.WriteByte('\n')
		b.WriteString(d.Digest(n))
	}
}

func writeExprs(b *strings.Builder, es []expr.Expr) {
	for _, e := range es {
		writeExpr(b, e)
		b.WriteByte(';')
	}
}

func writeSchema(b *strings.Builder, s schema.Schema) {
	for _, f := range s {
		b.WriteString(strconv.Quote(f.Name))
		writeType(b, f.Type)
		b.WriteByte(';')
	}
}

func writeAggs(b *strings.Builder, aggs []graph.AggCall) {
	for _, a := range aggs {
		fmt.Fprintf(b, "%s%v%v/%d:", a.Fn, a.Args, a.Distinct, a.Filter)
		writeType(b, a.Type)
		for _, l := range a.Lits {
			writeLit(b, l)
		}
		b.WriteByte(';')
	}
}

func writeFilters(b *strings.Builder, fs []connector.Filter) {
	if len(fs) > 0 {
		b.WriteString("|where")
		writeJSON(b, fs)
	}
}

func (d *Digests) table(b *strings.Builder, t *graph.TableSpec) {
	if d.stable {
		b.WriteString(t.Name)
		return
	}
	writeJSON(b, t)
}

func writeJSON(b *strings.Builder, v any) {
	j, err := json.Marshal(v)
	if err != nil {
		panic("BUG: plan data without JSON: " + err.Error())
	}
	b.Write(j)
}
