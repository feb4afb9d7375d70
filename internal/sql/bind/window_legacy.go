// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"strings"

	"spate/internal/expr"
	"spate/internal/graph"
	"spate/internal/sql/ast"
	"spate/internal/sql/plan"
	"spate/schema"
)

// legacyFunction is TUMBLE, HOP or SESSION in GROUP BY, or one of their auxiliary functions.
type legacyFunction struct {
	kind graph.WindowKind
	// aux is START, END, ROWTIME or PROCTIME, empty for the window itself.
	aux string
}

// legacyWindow recognises the functions of legacy group windows.
func legacyWindow(name string) (legacyFunction, bool) {
	base, aux, has := strings.Cut(name, "_")
	if has && aux != "START" && aux != "END" && aux != "ROWTIME" && aux != "PROCTIME" {
		return legacyFunction{}, false
	}
	switch base {
	case "TUMBLE", "HOP", "SESSION":
		return legacyFunction{graph.WindowKind(base), aux}, true
	}
	return legacyFunction{}, false
}

// groupWindow binds TUMBLE(time, size), HOP(time, slide, size) and SESSION(time, gap) of a GROUP BY.
func (b *Binder) groupWindow(k *block, call *ast.Call, f legacyFunction) error {
	if k.s.window != nil {
		return invalid(call, "GROUP BY can have only one window")
	}
	w, err := b.legacyArgs(&ctx{scope: k.scope, clause: "GROUP BY"}, call, f.kind)
	if err != nil {
		return err
	}
	k.s.window = w
	k.in = b.timed(k.in, w.time)
	return nil
}

// timed drops the rows without a time in batch mode; streaming jobs fail on them.
func (b *Binder) timed(n plan.Node, time expr.Expr) plan.Node {
	if !b.batch() || !time.Type().Nullable {
		return n
	}
	return &plan.Filter{Input: n, Cond: &expr.Call{Fn: "IS NOT NULL", Version: 1, Args: []expr.Expr{time}, T: schema.TypeBoolean.NotNull()}}
}

// legacyArgs binds the arguments of a legacy window or of one of its auxiliary functions.
func (b *Binder) legacyArgs(c *ctx, call *ast.Call, kind graph.WindowKind) (*window, error) {
	want := 2
	if kind == graph.Hop {
		want = 3
	}
	if len(call.Args) < want || len(call.Args) > want+1 || kind == graph.Session && len(call.Args) != want {
		return nil, invalid(call, "%s takes %d arguments", call.Name.Last(), want)
	}
	args, err := b.args(&ctx{scope: c.scope, clause: c.clause, noAgg: true}, call)
	if err != nil {
		return nil, err
	}
	t := args[0].Type()
	if b.batch() && t.Precision > 3 && (t.Root == schema.Timestamp || t.Root == schema.TimestampLTZ) {
		ms := *t
		ms.Precision = 3
		if args[0], err = castTo(call.Args[0].Value, args[0], &ms); err != nil {
			return nil, err
		}
		t = args[0].Type()
	}
	if !t.IsTimeAttr() && (!b.batch() || !t.IsTimestamp()) {
		return nil, invalid(call.Args[0].Value, "Window aggregate can only be defined over a time attribute column, but %s encountered", t)
	}
	w := &window{time: args[0], at: call, spec: graph.Window{Kind: kind, ProcTime: t.Attr == schema.ProcTime, Zone: b.windowZone(t)}}
	spans := make([]int64, 0, 3)
	for i := 1; i < len(args); i++ {
		ms, err := b.windowSpan(call.Args[i].Value, args[i], i > want-1)
		if err != nil {
			return nil, err
		}
		spans = append(spans, ms)
	}
	w.spec.Size = spans[0]
	if kind == graph.Hop {
		w.spec.Slide, w.spec.Size = spans[0], spans[1]
	}
	if len(args) == want+1 {
		w.spec.Offset = spans[len(spans)-1]
	}
	var d strings.Builder
	for _, a := range args {
		d.WriteString(plan.ExprDigest(b.fold(a)))
		d.WriteByte('|')
	}
	w.digest = string(kind) + d.String()
	return w, nil
}

// windowSpan evaluates a length of a window in milliseconds.
func (b *Binder) windowSpan(at ast.Node, e expr.Expr, offset bool) (int64, error) {
	l, ok := b.fold(e).(*expr.Lit)
	if !ok || l.Value.Null || l.T.Root != schema.IntervalDayTime {
		return 0, invalid(at, "the sizes of a window must be constant intervals of days to seconds, found %s", e.Type())
	}
	if l.Value.I <= 0 && !offset {
		return 0, invalid(at, "the sizes of a window must be greater than zero")
	}
	return l.Value.I, nil
}

// windowZone is the zone that windows over a time attribute align to.
func (b *Binder) windowZone(t *schema.Type) string {
	if t.Root == schema.TimestampLTZ {
		return b.env.Zone
	}
	return ""
}

// windowFunction binds an auxiliary function: a property of the window of the GROUP BY.
func (b *Binder) windowFunction(c *ctx, e *ast.Call, name string, f legacyFunction) (expr.Expr, error) {
	if f.aux == "" {
		return nil, invalid(e, "the group window %s can only stand in GROUP BY", name).
			WithHint("as a table function it is TABLE(%s(TABLE t, DESCRIPTOR(ts), INTERVAL ...))", name)
	}
	if c.sel == nil || c.noAgg || c.sel.window == nil {
		return nil, invalid(e, "%s needs %s in GROUP BY", name, f.kind)
	}
	w, err := b.legacyArgs(c, e, f.kind)
	if err != nil {
		return nil, err
	}
	own := c.sel.window
	if w.digest != own.digest {
		return nil, invalid(e, "the arguments of %s must be those of the window in GROUP BY", name)
	}
	switch f.aux {
	case "START":
		return c.sel.prop(graph.WindowStart, plan.TypeWindowBound), nil
	case "END":
		return c.sel.prop(graph.WindowEnd, plan.TypeWindowBound), nil
	case "ROWTIME":
		if own.spec.ProcTime {
			return nil, invalid(e, "%s needs a window over a row time attribute", name)
		}
		return c.sel.prop(graph.WindowTime, own.time.Type().NotNull()), nil
	}
	if !own.spec.ProcTime {
		return nil, invalid(e, "%s needs a window over a processing time attribute", name)
	}
	return b.bindCall(e, "PROCTIME")
}

// propTypes are the types of the window properties that the block uses.
func (s *selection) propTypes() []*schema.Type {
	out := make([]*schema.Type, len(s.props))
	for i, p := range s.props {
		if p == graph.WindowTime {
			out[i] = s.window.time.Type().NotNull()
		} else {
			out[i] = plan.TypeWindowBound
		}
	}
	return out
}
