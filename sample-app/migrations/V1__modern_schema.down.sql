drop table modern.purchases;
drop table modern.accounts;
drop type modern.purchase_status;
drop schema modern;
