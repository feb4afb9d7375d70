// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Cases run in child processes of this same command, so that a case that crashes, hangs or spins costs one failed case: the
// parent kills its process and starts another. A child reads numbers of cases from its standard input, a line each, and writes
// results as JSON lines to descriptor 3; standard output belongs to sinks that print.

// defaultLimit is the time that a case may take.
const defaultLimit = 20 * time.Second

// grace is added in the parent: the child's own limit gives the better message.
const grace = 3 * time.Second

// resultsDescriptor is where a child writes results.
const resultsDescriptor = 3

// stderrTail is how much of a crashed child's output is kept.
const stderrTail = 4 << 10

func (c *testCase) timeLimit() time.Duration {
	if c.limit > 0 {
		return c.limit
	}
	return defaultLimit
}

// serve is the child's side: it runs cases until its input ends.
func serve(ctx context.Context, cases []*testCase) error {
	out := os.NewFile(resultsDescriptor, "results")
	if out == nil {
		return errors.New("a worker needs a descriptor for results")
	}
	enc := json.NewEncoder(out)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		i, err := strconv.Atoi(lines.Text())
		if err != nil || i < 0 || i >= len(cases) {
			return fmt.Errorf("no case %q", lines.Text())
		}
		one, cancel := context.WithTimeout(ctx, cases[i].timeLimit())
		r := runCase(one, cases[i])
		cancel()
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	return lines.Err()
}

// child is the parent's handle of a process.
type child struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	results chan result // Closed when the process ends.
	stderr  *tail
}

// tail keeps the first bytes of a stream: where a crash says what it was. It is safe for concurrent use.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := stderrTail - t.buf.Len(); room > 0 {
		t.buf.Write(b[:min(room, len(b))])
	}
	return len(b), nil
}

// take returns what was written and forgets it.
func (t *tail) take() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.buf.String()
	t.buf.Reset()
	return s
}

// start starts a process.
func start(args []string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.Command(self, append([]string{"-worker"}, args...)...), results: make(chan result), stderr: &tail{}} //nolint:noctx // Ended by closing its input.
	c.cmd.ExtraFiles = []*os.File{write}
	c.cmd.Stderr = c.stderr
	if c.in, err = c.cmd.StdinPipe(); err == nil {
		err = c.cmd.Start()
	}
	if err = errors.Join(err, write.Close()); err != nil {
		return nil, errors.Join(err, read.Close())
	}
	go func() { // Ends with the process.
		d := json.NewDecoder(read)
		for {
			var r result
			if d.Decode(&r) != nil {
				break
			}
			c.results <- r
		}
		_ = read.Close()
		close(c.results)
	}()
	return c, nil
}

// stop ends the process and waits for it.
func (c *child) stop() {
	_ = c.in.Close()
	_ = c.cmd.Process.Kill()
	for range c.results {
		continue
	}
	_ = c.cmd.Wait()
}

// run runs a case in the process; alive tells whether the process can be used further.
func (c *child) run(ctx context.Context, i int, tc *testCase) (r result, alive bool) {
	r = result{Set: tc.set, Class: tc.class, ID: tc.id, Result: "fail"}
	if _, err := fmt.Fprintln(c.in, i); err != nil {
		r.Reason = "the worker is gone: " + err.Error()
		return r, false
	}
	timer := time.NewTimer(tc.timeLimit() + grace)
	defer timer.Stop()
	select {
	case got, ok := <-c.results:
		if !ok {
			r.Reason = "crash: " + firstLines(strings.TrimSpace(c.stderr.take()))
			return r, false
		}
		c.stderr.take()
		return got, true
	case <-timer.C:
		r.Reason = fmt.Sprintf("hangs: no answer within %s, and no end when canceled", tc.timeLimit())
	case <-ctx.Done():
		r.Reason = ctx.Err().Error()
	}
	return r, false
}

// runAll runs the cases in child processes, some at once, and returns their results in order. args are the flags that make a
// child find the same cases.
func runAll(ctx context.Context, cases []*testCase, jobs int, args []string) []result {
	results := make([]result, len(cases))
	next := make(chan int)
	var wg sync.WaitGroup
	for range max(1, jobs) {
		wg.Go(func() { // Ends when next is closed.
			var c *child
			for i := range next {
				if reason := cases[i].notApplicable; reason != "" {
					results[i] = result{Set: cases[i].set, Class: cases[i].class, ID: cases[i].id, Result: "n/a", Reason: reason}
					continue
				}
				if c == nil {
					var err error
					if c, err = start(args); err != nil {
						results[i] = result{Set: cases[i].set, Class: cases[i].class, ID: cases[i].id, Result: "fail", Reason: err.Error()}
						c = nil
						continue
					}
				}
				began := time.Now()
				var alive bool
				results[i], alive = c.run(ctx, i, cases[i])
				results[i].Millis = time.Since(began).Milliseconds()
				if !alive {
					c.stop()
					c = nil
				}
			}
			if c != nil {
				c.stop()
			}
		})
	}
	for i := range cases {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	return results
}
