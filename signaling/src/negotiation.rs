//! WebRTC negotiation of one pair of seats (placeholder until the state machine lands in the next commit).
