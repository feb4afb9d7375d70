// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package optest

import (
	"syscall"
	"testing"
	"time"
)

// CPU measures the processor time of a benchmark: on a machine that is shared, elapsed time says little.
type CPU struct{ start time.Duration }

// StartCPU begins to measure.
func StartCPU() CPU { return CPU{start: cpuTime()} }

// Report adds the processor time per row to the benchmark's figures.
func (c CPU) Report(b *testing.B, rows int) {
	b.Helper()
	b.ReportMetric(float64((cpuTime()-c.start).Nanoseconds())/float64(max(1, rows)), "cpu-ns/row")
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
