drop table modern.purchases;
drop table modern.accounts;
drop schema modern;
