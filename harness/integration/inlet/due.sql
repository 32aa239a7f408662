-- The first bookings with a call (where calls are made) or a message due by ?1,
-- by either index, each once; ?3 of each at most.
SELECT id, max(mail) AS mail
FROM (
    SELECT * FROM (
        SELECT id, due_at AS at, coalesce(escalate_at <= ?1, 0) AS mail
        FROM booking WHERE due_at <= ?1 AND ?2 ORDER BY due_at LIMIT ?3
    )
    UNION ALL
    SELECT * FROM (
        SELECT id, escalate_at AS at, 1 AS mail
        FROM booking WHERE escalate_at <= ?1 ORDER BY escalate_at LIMIT ?3
    )
)
GROUP BY id
ORDER BY min(at), id
