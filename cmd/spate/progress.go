// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"spate/internal/control/worker"
	"spate/internal/flow"
)

const (
	// progressEvery is how often the progress line is drawn.
	progressEvery = 500 * time.Millisecond
	// wideLag is a lag that says that the data is old, not that the job is slow.
	wideLag = 365 * 24 * time.Hour
	// clearLine goes to the start of the line and wipes it.
	clearLine = "\r\x1b[K"
)

// progressLine draws a line on a running job, on a terminal, until it is stopped.
type progressLine struct {
	done chan struct{}
	wg   sync.WaitGroup
}

// progress starts a progress line when wanted and when the error output is a terminal. The caller stops it before it writes.
func (sh *shell) progress(job *worker.Job, wanted bool) *progressLine {
	p := &progressLine{}
	if !wanted || !isTerminal(sh.errOut) {
		return p
	}
	p.done = make(chan struct{})
	p.wg.Go(func() { p.draw(sh.errOut, job) }) // Ended and awaited by stop.
	return p
}

func (p *progressLine) draw(w io.Writer, job *worker.Job) {
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	var last worker.Status
	for {
		select {
		case <-p.done:
			fmt.Fprint(w, clearLine)
			return
		case <-tick.C:
			s := job.Status()
			fmt.Fprint(w, clearLine, progressText(s, last, time.Now()))
			last = s
		}
	}
}

// stop wipes the line; it may be called once.
func (p *progressLine) stop() {
	if p.done != nil {
		close(p.done)
		p.wg.Wait()
	}
}

// progressText is one line on a job between two looks at it.
func progressText(s, last worker.Status, now time.Time) string {
	rate := float64(s.Read-last.Read) / max(s.Elapsed.Seconds()-last.Elapsed.Seconds(), 1e-3)
	line := fmt.Sprintf("%s rows in, %s out, %s rows/s", count(s.Read), count(s.RowsOut), count(int64(rate)))
	if s.Watermark > flow.MinWatermark && s.Watermark < flow.MaxWatermark {
		at := time.UnixMilli(int64(s.Watermark)).UTC()
		line += ", watermark " + at.Format("2006-01-02 15:04:05.000")
		if lag := now.Sub(at); lag > 0 && lag < wideLag {
			line += ", lag " + lag.Round(time.Millisecond).String()
		}
	}
	return line
}

// isTerminal tells whether a reader or writer is a terminal.
func isTerminal(x any) bool {
	f, ok := x.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0 && st.Mode()&os.ModeDevice != 0 && f.Name() != os.DevNull
}

// count prints a number with commas.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 && s[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}
