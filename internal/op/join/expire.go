// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package join

import (
	"slices"

	"spate/internal/flow"
)

// timerState is what was asked of the runtime.
type timerState struct {
	asked bool
	at    flow.Millis
}

// expires tells whether rows of a side have a TTL.
func (j *Join) expires() bool { return j.sides[0].ttl > 0 || j.sides[1].ttl > 0 }

// arm sets the expiry of the rows that the batch wrote and asks for the call that removes them.
func (j *Join) arm(s *side) {
	if s.ttl <= 0 {
		return
	}
	if j.in != nil && j.sides[j.input] == s {
		at := j.rt.Now() + flow.Millis(s.ttl)
		for _, id := range j.rows.ownK {
			s.timers.Set(id, at)
		}
	}
	at, ok := s.timers.Peek()
	if !ok || j.timer.asked && j.timer.at <= at {
		return
	}
	j.timer = timerState{asked: true, at: at}
	j.rt.ProcTimer(at)
}

// expire removes at most limit rows of each side whose time has come. Numbers of associations are not corrected, as in Flink.
func (j *Join) expire(now flow.Millis, limit int) {
	for _, s := range j.sides {
		if s.ttl <= 0 {
			continue
		}
		for range limit {
			id, _ := s.timers.Pop(now)
			if id < 0 {
				break
			}
			j.gone = append(j.gone, s.table.OwnerOf(id))
			s.table.Delete(id)
		}
	}
	j.dropKeys()
}

// compact sorts ids and drops repetitions.
func compact(ids []int32) []int32 {
	slices.Sort(ids)
	return slices.Compact(ids)
}
