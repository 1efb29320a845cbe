echo $(a $(b $(c)))
