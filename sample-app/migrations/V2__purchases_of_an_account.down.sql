drop index concurrently modern.purchases_account;
