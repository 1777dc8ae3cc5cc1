-- big ones
SELECT ORDER_ID FROM orders WHERE AMOUNT > ${var:LIMIT}
