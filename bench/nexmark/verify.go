// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package nexmark

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"spate/batch"
	"spate/internal/app"
	"spate/internal/serve/console"
)

// The run whose answers digests.tsv knows: enough event time for several windows, and events that are out of order.
const (
	verifyEvents = 50_000
	verifyRate   = 2_000
)

var verifyOptions = map[string]string{"out-of-order.group-size": "10"}

// digestsFile holds, a line a query, its name, the number of rows and their digest. The test with -rewrite makes it; do that only
// when the acceptance cases of the queries pass.
const digestsFile = "digests.tsv"

// Answer identifies the final rows of a query: their number, and a digest that does not depend on their order.
type Answer struct {
	Rows   int64
	Digest string
}

// Known returns the answer that a query must give, and whether it is known: the rows of q12 depend on the clock.
func Known(query string) (Answer, bool) {
	b, err := files.ReadFile(digestsFile)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 || f[0] != query {
			continue
		}
		n, err := strconv.ParseInt(f[1], 10, 64)
		if err != nil {
			panic("BUG: " + digestsFile + ": " + err.Error())
		}
		return Answer{Rows: n, Digest: f[2]}, true
	}
	return Answer{}, false
}

// ranksTies names the queries whose answer hangs on the order in which rows of equal rank arrive. Subtasks race, so these are
// verified at parallelism 1.
var ranksTies = map[string]bool{"q9": true, "q18": true, "q19": true}

// Verify runs a query over few events and compares its answer with the known one. ok is false when none is known.
func Verify(ctx context.Context, e *app.Engine, c Config) (a Answer, ok bool, err error) {
	want, ok := Known(c.Query)
	if !ok {
		return Answer{}, false, nil
	}
	got, err := answer(ctx, e, c)
	if err != nil {
		return Answer{}, true, err
	}
	if got != want {
		return got, true, fmt.Errorf("%s gives a wrong answer: %d rows with digest %s, want %d rows with digest %s",
			c.Query, got.Rows, got.Digest, want.Rows, want.Digest)
	}
	return got, true, nil
}

// answer runs a query over the events of the verification.
func answer(ctx context.Context, e *app.Engine, c Config) (Answer, error) {
	query, err := Query(c.Query)
	if err != nil {
		return Answer{}, err
	}
	if ranksTies[c.Query] {
		c.Parallelism = 1
	}
	c.Events, c.Rate = verifyEvents, verifyRate
	s, err := open(ctx, e, c, verifyOptions)
	if err != nil {
		return Answer{}, err
	}
	defer s.Close()
	q, err := s.Query(ctx, query)
	if err != nil {
		return Answer{}, err
	}
	defer q.Close()
	d := digest{names: q.Schema.Names()}
	for b := q.Next(); b != nil; b = q.Next() {
		d.add(b)
		b.Release()
	}
	return d.answer(), q.Err()
}

// digest sums up rows: the hash of each is added or, when it is retracted, subtracted, in 128 bits. So the sum is that of the final
// rows, in any order and by any changelog.
type digest struct {
	names  []string
	rows   int64
	lo, hi uint64
	line   []byte
}

func (d *digest) add(b *batch.Batch) {
	_ = console.EachRow(b, func(i int) error {
		d.line = console.AppendJSON(d.line[:0], d.names, b, i)
		sum := sha256.Sum256(d.line)
		w := b.Kind(i).Weight()
		d.rows += int64(w)
		d.lo += uint64(int64(w)) * binary.LittleEndian.Uint64(sum[:8])
		d.hi += uint64(int64(w)) * binary.LittleEndian.Uint64(sum[8:16])
		return nil
	})
}

func (d *digest) answer() Answer {
	return Answer{Rows: d.rows, Digest: fmt.Sprintf("%016x%016x", d.hi, d.lo)}
}
