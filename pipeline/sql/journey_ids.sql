-- One row per journey that the condition chooses: its id. They come in any order.
SELECT journey_id
FROM chosen
