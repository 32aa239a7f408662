@IP-64
Feature: The code is kept as a backup for the guest

  Scenario: The partner shows the booking
    Given the partner declares the use "code"
    And a guest's stay was booked
    Then the partner shows the code as Inlet formatted it
