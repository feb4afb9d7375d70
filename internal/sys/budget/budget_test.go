// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package budget_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"spate/internal/sys/budget"
)

func TestGrowChargesEveryNodeAbove(t *testing.T) {
	root := budget.New("process", 100)
	job := root.Child("job", 0)
	a, b := job.Child("a", 0), job.Child("b", 0)
	must(t, a.Grow(30))
	must(t, b.Grow(20))
	a.Shrink(10)
	for _, c := range []struct {
		node       *budget.Node
		used, peak int64
	}{{a, 20, 30}, {b, 20, 20}, {job, 40, 50}, {root, 40, 50}} {
		if c.node.Used() != c.used || c.node.Peak() != c.peak {
			t.Errorf("%s: used %d peak %d, want %d and %d", c.node.Path(), c.node.Used(), c.node.Peak(), c.used, c.peak)
		}
	}
	if got := a.Available(); got != 60 {
		t.Errorf("available to a: %d, want the root's 60", got)
	}
}

func TestRefusedGrowChangesNothing(t *testing.T) {
	root := budget.New("process", 100)
	job := root.Child("job", 50)
	op := job.Child("join", 40)
	other := root.Child("other", 0)
	must(t, other.Grow(70))
	for _, c := range []struct {
		size  int64
		node  string
		used  int64
		limit int64
	}{
		{41, "process/job/join", 0, 40},
		{31, "process", 70, 100},
	} {
		err := op.Grow(c.size)
		var over *budget.Error
		if !errors.As(err, &over) {
			t.Fatalf("grow by %d: %v, want a *budget.Error", c.size, err)
		}
		want := budget.Error{Node: c.node, Asker: "process/job/join", Asked: c.size, Used: c.used, Limit: c.limit}
		if *over != want {
			t.Errorf("grow by %d: %+v, want %+v", c.size, *over, want)
		}
		if !strings.Contains(err.Error(), c.node) {
			t.Errorf("message does not name the node: %s", err)
		}
		if op.Used() != 0 || job.Used() != 0 || root.Used() != 70 || op.Peak() != 0 || job.Peak() != 0 {
			t.Errorf("grow by %d left traces: op %d job %d root %d", c.size, op.Used(), job.Used(), root.Used())
		}
	}
	must(t, op.Grow(30))
}

func TestOverflowIsRefused(t *testing.T) {
	n := budget.New("process", 0)
	must(t, n.Grow(budget.Unlimited))
	if err := n.Grow(budget.Unlimited); err == nil {
		t.Fatal("a sum past the largest int64 was granted")
	}
	if n.Used() != budget.Unlimited {
		t.Fatalf("used %d after the refusal", n.Used())
	}
}

func TestNilNodeIsUnlimited(t *testing.T) {
	var n *budget.Node
	must(t, n.Grow(1<<40))
	n.Shrink(1 << 41)
	if n.Used() != 0 || n.Peak() != 0 || n.Limit() != budget.Unlimited || n.Path() != "" || n.Close() != 0 {
		t.Error("a nil node counted something")
	}
	c := n.Child("job", 5)
	if c.Path() != "job" || c.Grow(6) == nil {
		t.Error("the child of a nil node is no root with a limit of its own")
	}
}

func TestCloseGivesBack(t *testing.T) {
	root := budget.New("process", 100)
	op := root.Child("op", 0)
	must(t, op.Grow(60))
	if left := op.Close(); left != 60 || root.Used() != 0 || op.Used() != 0 {
		t.Errorf("close gave back %d; root %d, op %d", left, root.Used(), op.Used())
	}
	if left := op.Close(); left != 0 {
		t.Errorf("second close gave back %d", left)
	}
}

func TestBugsPanic(t *testing.T) {
	for name, f := range map[string]func(*budget.Node){
		"negative grow":   func(n *budget.Node) { _ = n.Grow(-1) },
		"negative shrink": func(n *budget.Node) { n.Shrink(-1) },
		"shrink past 0":   func(n *budget.Node) { n.Shrink(1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if msg, ok := recover().(string); !ok || !strings.HasPrefix(msg, "BUG: ") {
					t.Errorf("recovered %q, want a text that starts with BUG:", msg)
				}
			}()
			f(budget.New("process", 0))
		})
	}
}

// TestConcurrentUse checks B1 to B4 under load: the limit is never passed by granted bytes and all comes back to zero.
func TestConcurrentUse(t *testing.T) {
	const limit, workers, rounds = 1000, 8, 5000
	root := budget.New("process", limit)
	var wg sync.WaitGroup
	for w := range workers {
		op := root.Child("op", 300)
		wg.Go(func() {
			var held int64
			for i := range rounds {
				size := int64((i*7 + w*13) % 200)
				if op.Grow(size) == nil {
					held += size
				}
				if i%3 == 0 || held > 250 {
					op.Shrink(held)
					held = 0
				}
			}
			op.Shrink(held)
			if op.Used() != 0 {
				t.Errorf("worker %d ends with %d bytes", w, op.Used())
			}
		})
	}
	wg.Wait()
	if root.Used() != 0 {
		t.Errorf("root ends with %d bytes", root.Used())
	}
	if root.Peak() > limit {
		t.Errorf("peak %d passed the limit", root.Peak())
	}
}

func TestGrowDoesNotAllocate(t *testing.T) {
	op := budget.New("process", 1<<40).Child("job", 0).Child("op", 0)
	if got := testing.AllocsPerRun(100, func() {
		if op.Grow(64) == nil {
			op.Shrink(64)
		}
	}); got != 0 {
		t.Errorf("%v allocations per grow and shrink", got)
	}
}

func BenchmarkGrowShrink(b *testing.B) {
	op := budget.New("process", 1<<40).Child("job", 0).Child("op", 0)
	b.ReportAllocs()
	for b.Loop() {
		if op.Grow(64) == nil {
			op.Shrink(64)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
