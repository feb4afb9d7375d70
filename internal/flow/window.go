// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package flow

// Slices cuts time into slices, such that every window of a kind is made of whole slices. A slice or window is named by its end,
// which is exclusive. Times are those of the windows' clock: local time when windows align to a zone, see Zone.
type Slices struct {
	size, slide, offset Millis
	slice               Millis // The length of a slice.
	cumulative          bool
}

// Tumbling returns windows of a size that follow each other.
func Tumbling(size, offset Millis) Slices {
	return Slices{size: size, slide: size, offset: offset, slice: size}
}

// Hopping returns windows of a size that start every slide. Size need not be a multiple of slide, and may be less: then some times
// belong to no window.
func Hopping(size, slide, offset Millis) Slices {
	a, b := size, slide
	for b != 0 {
		a, b = b, a%b
	}
	return Slices{size: size, slide: slide, offset: offset, slice: a}
}

// Cumulating returns windows that start every size and end a step, two steps, ... up to size after their start. Size is a multiple
// of step.
func Cumulating(size, step, offset Millis) Slices {
	return Slices{size: size, slide: step, offset: offset, slice: step, cumulative: true}
}

// floorMod returns a mod b in [0, b).
func floorMod(a, b Millis) Millis {
	m := a % b
	if m < 0 {
		m += b
	}
	return m
}

// Of returns the slice of a time.
func (s *Slices) Of(at Millis) Millis { return at - floorMod(at-s.offset, s.slice) + s.slice }

// First returns the first window that holds a slice.
func (s *Slices) First(slice Millis) Millis {
	if s.cumulative {
		return slice
	}
	return slice + floorMod(s.size+s.offset-slice, s.slide)
}

// Last returns the last window that holds a slice; it is before First when none does.
func (s *Slices) Last(slice Millis) Millis {
	if s.cumulative {
		return s.Start(slice) + s.size
	}
	end := slice - s.slice + s.size
	return end - floorMod(end-s.size-s.offset, s.slide)
}

// Next returns the window after a window.
func (s *Slices) Next(window Millis) Millis { return window + s.slide }

// Ahead returns the first window from window on, a slide at a time, that ends at or after at.
func (s *Slices) Ahead(window, at Millis) Millis {
	if at <= window {
		return window
	}
	return window + (at-window+s.slide-1)/s.slide*s.slide
}

// Start returns the start of a window.
func (s *Slices) Start(window Millis) Millis {
	if s.cumulative {
		return window - 1 - floorMod(window-1-s.offset, s.size)
	}
	return window - s.size
}

// FirstSlice returns the first slice of a window.
func (s *Slices) FirstSlice(window Millis) Millis { return s.Start(window) + s.slice }

// Length returns the length of a slice.
func (s *Slices) Length() Millis { return s.slice }

// Cumulative tells whether windows with the same start grow.
func (s *Slices) Cumulative() bool { return s.cumulative }

// Shared tells whether a slice may belong to several windows.
func (s *Slices) Shared() bool { return s.cumulative || s.slice != s.size || s.slide != s.size }
