-- a comment
SELECT ORDER_ID
FROM ordres
WHERE AMOUNT > ${var:LIMIT}
