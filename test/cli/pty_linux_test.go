// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// answerLimit is how long the shell may take to answer; it is far more than it needs.
const answerLimit = 30 * time.Second

// quietTime is how long a shell that rests says nothing.
const quietTime = 150 * time.Millisecond

// terminal is a shell behind a pseudo terminal.
type terminal struct {
	t      *testing.T
	cmd    *exec.Cmd
	master *os.File
	bytes  chan []byte
	seen   bytes.Buffer
}

// openTerminal starts a command with a terminal of 120 columns.
func openTerminal(t *testing.T, home string, args ...string) *terminal {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo terminals here: %v", err)
	}
	fd := int(master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 50, Col: 120}); err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(binDir, "spate"), args...)
	cmd.Env, cmd.Dir = environment(t, home), home
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := slave.Close(); err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, cmd: cmd, master: master, bytes: make(chan []byte, 64)}
	go func() { // Ends when the command closes the terminal.
		defer close(x.bytes)
		for {
			b := make([]byte, 4096)
			n, err := master.Read(b)
			if n > 0 {
				x.bytes <- b[:n]
			}
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = master.Close()
	})
	return x
}

// send types.
func (x *terminal) send(keys string) {
	x.t.Helper()
	if _, err := x.master.WriteString(keys); err != nil {
		x.t.Fatal(err)
	}
}

var escape = regexp.MustCompile(`\x1b\[[0-9;? ]*[a-zA-Z]|\x1b[=>78]`)

// until reads until the output since the last call, without escape sequences, has all the texts in this order, and the shell rests.
// Requests for the cursor's position, which a terminal answers, are answered.
func (x *terminal) until(texts ...string) {
	x.t.Helper()
	limit := time.After(answerLimit)
	for {
		plain := escape.ReplaceAllString(x.seen.String(), "")
		// The line editor asks for the cursor's position after it has drawn the prompt, and takes what is typed before the answer for
		// a part of it. So a match counts when the shell has nothing more to say.
		var quiet <-chan time.Time
		if endOf(plain, texts) >= 0 {
			quiet = time.After(quietTime)
		}
		select {
		case b, ok := <-x.bytes:
			if !ok {
				x.t.Fatalf("the shell ended; it wrote %q, want %q", plain, texts)
			}
			x.answer(b)
			x.seen.Write(b)
		case <-quiet:
			x.seen.Reset()
			return
		case <-limit:
			x.t.Fatalf("the shell wrote %q, want %q", plain, texts)
		}
	}
}

// answer answers a request for the cursor's position.
func (x *terminal) answer(output []byte) {
	x.t.Helper()
	if bytes.Contains(output, []byte("\x1b[6n")) {
		x.send("\x1b[10;1R")
	}
}

// endOf returns where the last of the texts, in order, ends, or -1.
func endOf(s string, texts []string) int {
	at := 0
	for _, text := range texts {
		i := strings.Index(s[at:], text)
		if i < 0 {
			return -1
		}
		at += i + len(text)
	}
	return at
}

// wait waits for the end of the command and returns its exit code.
func (x *terminal) wait() int {
	x.t.Helper()
	done := make(chan error, 1)
	go func() { done <- x.cmd.Wait() }()
	for {
		select {
		case b, ok := <-x.bytes:
			if !ok {
				x.bytes = nil
			}
			x.answer(b)
		case err := <-done:
			if exit, ok := errors.AsType[*exec.ExitError](err); ok {
				return exit.ExitCode()
			}
			return 0
		case <-time.After(answerLimit):
			x.t.Fatal("the shell does not end")
		}
	}
}

const prompt = "spate> "

func TestPrompt(t *testing.T) {
	home := t.TempDir()
	x := openTerminal(t, home, "sql")
	x.until("HELP lists", prompt)

	// A statement over several lines; an error does not end the session.
	x.send("SELECT 1 AS a,\r")
	x.send("2 AS b;\r")
	x.until("| a | b |", "| 1 | 2 |", "1 row in set (", "seconds)", prompt)
	x.send("SELECT nope;\r")
	x.until("error: 1:8: column `nope` not found", prompt)

	// Completion of keywords and of names.
	x.send("CREATE TABLE people (surname STRING, age INT) WITH ('connector' = 'nexmark');\r")
	x.until("OK", prompt)
	x.send("descr\t pe\t;\r")
	x.until("| surname | STRING |", prompt)

	// Ctrl-C throws away what is typed, and stops a query, but not the shell.
	x.send("SELECT nonsense\x03")
	x.until("^C", prompt)
	x.send("CREATE TABLE live (event_type INT) WITH ('connector' = 'nexmark', 'max-emit-speed' = 'false', 'first-event.rate' = '2');\r")
	x.until("OK", prompt)
	x.send("SELECT event_type FROM live;\r")
	x.until("| +I |           0 |")
	x.send("\x03")
	x.until("Received a total of", prompt)

	// A job shows how it gets on, and stops.
	x.send("CREATE TABLE hole WITH ('connector' = 'blackhole') AS SELECT event_type FROM live;\r")
	x.until("rows in,", "rows/s")
	x.send("\x03")
	x.until("stopped:", "out to hole", prompt)

	x.send("HELP\r")
	x.until("SHOW TABLES", prompt)
	x.send("QUIT;\r")
	if code := x.wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}

	// The next session knows what was typed in the last.
	x = openTerminal(t, home, "sql")
	x.until(prompt)
	x.send("\x1b[A\x1b[A")
	x.until("HELP")
	x.send("\x03")
	x.until("^C", prompt)
	x.send("\x04") // The end of input.
	if code := x.wait(); code != 0 {
		t.Errorf("exit code %d at the end of input", code)
	}
	if st, err := os.Stat(filepath.Join(home, "config", "spate", "history")); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("history file: %v, %v", st, err)
	}
}
